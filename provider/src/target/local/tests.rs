//! What the target does with files, and what it refuses.

use super::*;

const ADDRESS: &str = ".github/workflows/ci.yml";

fn target() -> (tempfile::TempDir, Local) {
    let folder = tempfile::tempdir().unwrap();
    let local = Local::at(folder.path().to_owned()).unwrap();
    (folder, local)
}

fn digest(local: &Local) -> String {
    local.read(ADDRESS).unwrap().unwrap().sha256()
}

#[test]
fn a_document_is_written_read_changed_and_removed() {
    let (folder, local) = target();
    assert_eq!(local.read(ADDRESS), Ok(None));
    local.write(ADDRESS, Expected::Nothing, "a: 1\n").unwrap();
    assert_eq!(local.read(ADDRESS).unwrap().unwrap().text, "a: 1\n");
    local.write(ADDRESS, Expected::Digest(&digest(&local)), "a: 2\n").unwrap();
    local.remove(ADDRESS, &digest(&local)).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "empty folders are removed");
    local.remove(ADDRESS, "whatever").unwrap();
}

#[test]
fn what_we_did_not_write_is_not_overwritten() {
    let (folder, local) = target();
    fs::create_dir_all(folder.path().join(".github/workflows")).unwrap();
    fs::write(folder.path().join(ADDRESS), "mine: true\n").unwrap();
    let problem = local.write(ADDRESS, Expected::Nothing, "a: 1\n").unwrap_err();
    assert!(
        problem.to_string().contains("import it with the id \"local:.github/workflows/ci.yml\"")
    );
    let problem = local.write(ADDRESS, Expected::Digest("other"), "a: 1\n").unwrap_err();
    assert!(problem.message.contains("was changed since it was planned"));
    assert!(local.remove(ADDRESS, "other").is_err());
    assert_eq!(fs::read_to_string(folder.path().join(ADDRESS)).unwrap(), "mine: true\n");
}

#[test]
fn an_address_that_leaves_the_root_is_refused() {
    let (_folder, local) = target();
    for address in ["../x", "a/../../x", "/etc/passwd", "", "./x"] {
        let problem = local.write(address, Expected::Nothing, "").unwrap_err();
        assert!(problem.message.contains("leads out of the root"), "{address}: {problem}");
        assert!(local.read(address).is_err(), "{address}");
    }
}

#[cfg(unix)]
#[test]
fn a_symlink_out_of_the_root_is_refused() {
    let (folder, local) = target();
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join(".github")).unwrap();
    let problem = local.write(ADDRESS, Expected::Nothing, "a: 1\n").unwrap_err();
    assert!(problem.message.contains("symlink"), "{problem}");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}
