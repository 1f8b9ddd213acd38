//! The certificate of a host, made as go-plugin makes it: self-signed, an
//! authority, over P-521.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hyper_util::rt::TokioIo;
use p521::ecdsa::signature::Signer as _;
use p521::ecdsa::{Signature, SigningKey, VerifyingKey};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::ResolvesClientCert;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{ring, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::{CertifiedKey, Signer, SigningKey as TlsKey, SingleCertAndKey};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error, SignatureAlgorithm, SignatureScheme,
};
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::Plugin;

/// A host's certificate and key.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) key: Arc<dyn TlsKey>,
}

impl Host {
    /// As go-plugin's client makes it. Each `seed` is another key.
    pub(crate) fn p521(seed: u8) -> Self {
        let key = p521_key(seed);
        Self { certificate: p521_certificate(&key), key: Arc::new(P521Key(key)) }
    }

    /// With ring's own P-256.
    pub(crate) fn p256() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        let der = tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
        Self { certificate, key: ring::sign::any_ecdsa_type(&der.into()).unwrap() }
    }

    /// The certificate as the plugin gets it.
    pub(crate) fn pem(&self) -> String {
        let body = STANDARD.encode(&self.certificate);
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }

    fn resolver(&self) -> Arc<dyn ResolvesClientCert> {
        let chain = vec![self.certificate.clone()];
        Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, Arc::clone(&self.key))))
    }
}

/// Connects as `host`, or as one without a certificate. The refusal may come
/// only with the first call.
pub(crate) async fn connect(
    plugin: &Plugin,
    host: Option<&Host>,
) -> Result<Channel, tonic::transport::Error> {
    let server = STANDARD_NO_PAD.decode(&plugin.handshake[5]).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(OnlyServer(server.into())));
    let mut config = match host {
        Some(host) => config.with_client_cert_resolver(host.resolver()),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let connector = TlsConnector::from(Arc::new(config));
    let path: PathBuf = plugin.socket();
    let service = service_fn(move |_| {
        let (connector, path) = (connector.clone(), path.clone());
        async move {
            let stream = UnixStream::connect(path).await?;
            let name = ServerName::try_from("localhost").unwrap();
            connector.connect(name, stream).await.map(TokioIo::new)
        }
    });
    Endpoint::from_static("http://localhost").connect_with_connector(service).await
}

/// Trusts the certificate of the handshake alone.
#[derive(Debug)]
struct OnlyServer(CertificateDer<'static>);

impl ServerCertVerifier for OnlyServer {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        assert_eq!(shown.as_ref(), self.0.as_ref(), "another certificate than in the handshake");
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.2".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, &algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

/// A key of P-521 for TLS, which ring lacks.
#[derive(Clone)]
struct P521Key(SigningKey);

impl std::fmt::Debug for P521Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("P521Key")
    }
}

impl TlsKey for P521Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let ours = offered.contains(&SignatureScheme::ECDSA_NISTP521_SHA512);
        ours.then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for P521Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(sign(&self.0, message))
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

fn p521_key(seed: u8) -> SigningKey {
    let mut secret = [seed; 66];
    // Below the curve's order, whose first byte is 1.
    secret[0] = 0;
    SigningKey::from_slice(&secret).unwrap()
}

fn sign(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    let signature: Signature = key.sign(message);
    signature.to_der().as_bytes().to_vec()
}

/// RFC 5280, as far as one fixed certificate needs it.
fn p521_certificate(key: &SigningKey) -> CertificateDer<'static> {
    const ECDSA_WITH_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04];
    const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    const SECP521R1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
    const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    let sequence = |parts: &[Vec<u8>]| tlv(0x30, &parts.concat());
    let oid = |it: &[u8]| tlv(0x06, it);
    let bits = |it: &[u8]| tlv(0x03, &[&[0], it].concat());

    let algorithm = sequence(&[oid(ECDSA_WITH_SHA512)]);
    let name = sequence(&[tlv(0x31, &sequence(&[oid(COMMON_NAME), tlv(0x0c, b"localhost")]))]);
    let validity = sequence(&[tlv(0x17, b"200101000000Z"), tlv(0x17, b"491231235959Z")]);
    let point = VerifyingKey::from(key).to_encoded_point(false);
    let public_key =
        sequence(&[sequence(&[oid(EC_PUBLIC_KEY), oid(SECP521R1)]), bits(point.as_bytes())]);
    let authority = tlv(0x04, &sequence(&[tlv(0x01, &[0xff])]));
    let constraints = sequence(&[oid(BASIC_CONSTRAINTS), tlv(0x01, &[0xff]), authority]);
    let body = sequence(&[
        tlv(0xa0, &tlv(0x02, &[2])),
        tlv(0x02, &[1]),
        algorithm.clone(),
        name.clone(),
        validity,
        name,
        public_key,
        tlv(0xa3, &sequence(&[constraints])),
    ]);
    let signature = bits(&sign(key, &body));
    sequence(&[body, algorithm, signature]).into()
}

/// One value of DER: its tag, its length, its content.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match content.len() {
        it @ ..0x80 => vec![it as u8],
        it @ ..0x100 => vec![0x81, it as u8],
        it => vec![0x82, (it >> 8) as u8, it as u8],
    };
    [&[tag], length.as_slice(), content].concat()
}
