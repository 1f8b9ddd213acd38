//! Mutual TLS between two processes that have never met: each trusts exactly
//! the one certificate that the other has sent it through the environment or
//! the handshake.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use p521::ecdsa::signature::Verifier;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use rcgen::{ExtendedKeyUsagePurpose, KeyUsagePurpose};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::{
    WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, PrivatePkcs8KeyDer,
    SignatureVerificationAlgorithm, UnixTime, alg_id,
};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig,
    SignatureScheme,
};

use super::environment::Fault;

/// The name that the host expects of every plugin.
const SERVER_NAME: &str = "localhost";

/// For how long the server's certificate is good, in seconds: far longer than
/// any run, as the host reads it anew from each process.
const LIFE: u64 = 365 * 24 * 60 * 60;

/// Gives what lets exactly the holder of `client` in, and the certificate that
/// the server shows.
///
/// # Errors
///
/// `Fault::OwnCertificate` when no key or certificate can be made.
pub(super) fn acceptor(
    client: CertificateDer<'static>,
    now: Timestamp,
) -> Result<(TlsAcceptor, CertificateDer<'static>), Fault> {
    let failed = |why: &dyn std::fmt::Display| Fault::OwnCertificate(why.to_string());
    let key = KeyPair::generate().map_err(|it| failed(&it))?;
    let own = own_certificate(&key, now).map_err(|it| failed(&it))?;

    let provider = ring::default_provider();
    let verifier =
        OnlyClient { certificate: client, usual: provider.signature_verification_algorithms };
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&TLS13])
        .map_err(|it| failed(&it))?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_single_cert(vec![own.clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .map_err(|it| failed(&it))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    // There is one connection in a process's life, so nothing to resume.
    config.send_tls13_tickets = 0;
    Ok((TlsAcceptor::from(Arc::new(config)), own))
}

/// The host uses the certificate as its own root, so it is an authority too.
fn own_certificate(key: &KeyPair, now: Timestamp) -> Result<CertificateDer<'static>, rcgen::Error> {
    let mut params = CertificateParams::new([SERVER_NAME.to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, SERVER_NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // The two processes share a clock, but not the moment of reading it.
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    params.not_before = epoch + Duration::from_secs(seconds.saturating_sub(30));
    params.not_after = epoch + Duration::from_secs(seconds.saturating_add(LIFE));
    Ok(params.self_signed(key)?.der().clone())
}

/// Lets in who shows one certificate, byte for byte, and can sign with its key.
///
/// The host's certificate is an authority used as a leaf, so the usual check of
/// a chain would refuse it; being the same bytes is the stronger claim.
#[derive(Debug)]
struct OnlyClient {
    certificate: CertificateDer<'static>,
    /// What ring can verify. go-plugin's keys are P-521, which ring can't.
    usual: WebPkiSupportedAlgorithms,
}

impl OnlyClient {
    fn algorithms(&self, scheme: SignatureScheme) -> &WebPkiSupportedAlgorithms {
        match scheme {
            SignatureScheme::ECDSA_NISTP521_SHA512 => &P521,
            _ => &self.usual,
        }
    }
}

impl ClientCertVerifier for OnlyClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if shown.as_ref() == self.certificate.as_ref() {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    // Never called, as only TLS 1.3 is offered.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, self.algorithms(signed.scheme))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, self.algorithms(signed.scheme))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![
            SignatureScheme::ECDSA_NISTP521_SHA512,
            SignatureScheme::ECDSA_NISTP384_SHA384,
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::ED25519,
        ]
    }
}

static P521: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[&EcdsaP521],
    mapping: &[(SignatureScheme::ECDSA_NISTP521_SHA512, &[&EcdsaP521])],
};

/// ECDSA over P-521 with SHA-512.
#[derive(Debug)]
struct EcdsaP521;

impl SignatureVerificationAlgorithm for EcdsaP521 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key =
            p521::ecdsa::VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
        let signature =
            p521::ecdsa::Signature::from_der(signature).map_err(|_| InvalidSignature)?;
        key.verify(message, &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P521
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA512
    }
}
