//! Programs in place of those that list what is in an image, look up what is known of it, and sign it.
//! They take the words that the real ones take, and write what these write: documents of CycloneDX.

use std::path::Path;

use serde_json::{Value, json};

/// What is known of a package: its name, an identifier and how bad it is.
pub(crate) type Known = (&'static str, &'static str, &'static str);

/// A syft that finds these packages in whatever archive of an image there is.
pub(crate) fn syft(packages: &[&str]) -> String {
    let component = |name: &&str| {
        json!({
            "type": "library", "bom-ref": format!("pkg:deb/debian/{name}@1.0"), "name": name,
            "version": "1.0", "purl": format!("pkg:deb/debian/{name}@1.0"),
            "licenses": [{"license": {"id": "MIT"}}],
        })
    };
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {
            "timestamp": "2026-01-01T00:00:00Z",
            "tools": {"components": [{"type": "application", "name": "syft", "version": "1.0.0"}]},
            "component": {"type": "container", "bom-ref": "image", "name": "image"},
        },
        "components": packages.iter().map(component).collect::<Vec<_>>(),
    });
    // `syft [scan] oci-archive:FILE --output cyclonedx-json=FILE`.
    format!(
        r#"[ "$1" != scan ] || shift
[[ "$1" = oci-archive:* ]] && tar -tf "${{1#oci-archive:}}" > /dev/null
case "$2" in -o | --output) ;; *) exit 2 ;; esac
[[ "$3" = cyclonedx-json=* ]]
cat > "${{3#cyclonedx-json=}}" <<'END'
{document}
END"#
    )
}

/// A grype that knows these vulnerabilities of the packages that a document lists.
pub(crate) fn grype(known: &[Known]) -> String {
    let known: Vec<Value> = known
        .iter()
        .map(|(package, id, severity)| json!({"package": package, "id": id, "severity": severity}))
        .collect();
    // `grype sbom:FILE --output cyclonedx-json --file FILE`.
    format!(
        r#"[ "$2 $3 $4" = "--output cyclonedx-json --file" ]
[[ "$1" = sbom:* ]]
jq --argjson known '{}' '.vulnerabilities = [
  .components[] as $it | $known[] | select(.package == $it.name) | {{
    "bom-ref": "urn:uuid:\(.id)-\($it.name)", id: .id,
    source: {{name: "NVD", url: "https://nvd.nist.gov/vuln/detail/\(.id)"}},
    ratings: [{{severity: "unknown"}}, {{severity: .severity, method: "CVSSv31", score: 9.8}}],
    affects: [{{ref: $it["bom-ref"]}}]
  }}
]' "${{1#sbom:}}" > "$5""#,
        Value::Array(known)
    )
}

/// A cosign that writes down what it was asked for. As the real one, it wants the job's own token where
/// there is no key, and a login to the image's registry where Docker keeps it, or else where skopeo does.
pub(crate) fn cosign(log: &Path) -> String {
    format!(
        r#"[ -n "${{ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}}" ] || {{ echo "no token" >&2; exit 1; }}
[ "$2" = --yes ]
login="$HOME/.docker/config.json"
[ -f "$login" ] || login="$XDG_RUNTIME_DIR/containers/auth.json"
image="${{@: -1}}"
jq -e --arg registry "${{image%%/*}}" '.auths | has($registry)' "$login" > /dev/null
echo "$*" >> "{}""#,
        log.display()
    )
}
