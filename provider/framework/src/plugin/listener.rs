//! Where connections come from: a socket that only its owner can open.

use std::io;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::transport::server::Connected;

use super::environment::{Environment, Fault};
use super::handshake::Address;
use super::log::{Field, Log};

/// How long a client may take to show its certificate.
const TLS_HANDSHAKE: Duration = Duration::from_secs(10);

/// A bound socket. When dropped, a Unix socket's file is gone.
pub(super) struct Listener {
    socket: Socket,
    /// Where it can be reached.
    pub(super) address: Address,
    #[cfg(unix)]
    _file: Option<SocketFile>,
}

enum Socket {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
    Tcp(TcpListener),
}

impl Listener {
    /// Binds a Unix socket, or where there is none or its path would be too
    /// long, a port on the loopback address.
    ///
    /// # Errors
    ///
    /// `Fault::Socket` when neither can be bound.
    pub(super) async fn bind(environment: &Environment) -> Result<Self, Fault> {
        #[cfg(unix)]
        if let Some(bound) = bind_unix(&environment.socket_folder)? {
            return Ok(bound);
        }
        bind_tcp(environment).await
    }

    async fn accept(&self) -> io::Result<Stream> {
        match &self.socket {
            #[cfg(unix)]
            Socket::Unix(it) => Ok(Box::pin(it.accept().await?.0)),
            Socket::Tcp(it) => {
                let (stream, _) = it.accept().await?;
                // gRPC writes whole frames; waiting for more only adds delay.
                stream.set_nodelay(true)?;
                Ok(Box::pin(stream))
            }
        }
    }
}

/// Sends each connection that may come in, until `end`; while one lasts, `open` counts it.
///
/// A client that shows no certificate, or a foreign one, is dropped and logged.
pub(super) async fn admit(
    listener: &Listener,
    tls: Option<TlsAcceptor>,
    log: Log,
    admitted: mpsc::Sender<io::Result<Connection>>,
    open: TaskTracker,
    end: CancellationToken,
) {
    while let Some(accepted) = end.run_until_cancelled(listener.accept()).await {
        let stream = match accepted {
            Ok(it) => it,
            Err(error) => {
                // Out of descriptors, say: it passes when a connection ends.
                log.warn("can't accept a connection", &[("error", Field::public(&error))]);
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(tls) = tls.clone() else {
            let _ = admitted.send(Ok(Connection { stream, _open: open.token() })).await;
            continue;
        };
        let (admitted, log, open) = (admitted.clone(), log.clone(), open.token());
        // One client that is slow to greet must not hold up the next.
        tokio::spawn(async move {
            match tokio::time::timeout(TLS_HANDSHAKE, tls.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let connection = Connection { stream: Box::pin(stream), _open: open };
                    let _ = admitted.send(Ok(connection)).await;
                }
                Ok(Err(error)) => {
                    log.warn("refused a connection", &[("error", Field::public(&error))]);
                }
                Err(_) => log.warn("dropped a connection that never greeted", &[]),
            }
        });
    }
}

trait Duplex: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Duplex for T {}

type Stream = Pin<Box<dyn Duplex>>;

/// A connection that may be served.
pub(super) struct Connection {
    stream: Stream,
    /// Counts among the open ones until it is dropped.
    _open: TaskTrackerToken,
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_read(context, into)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(context)
    }
}

/// Takes the socket's file away, whichever way the process ends in order.
#[cfg(unix)]
struct SocketFile(std::path::PathBuf);

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        // Whoever has removed it before us has done our work.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// `None` where the path would be longer than the system allows, which macOS's
/// long TMPDIR can bring about.
#[cfg(unix)]
fn bind_unix(folder: &std::path::Path) -> Result<Option<Listener>, Fault> {
    use std::hash::{BuildHasher, Hasher, RandomState};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::SocketAddr;

    let (path, socket) = loop {
        // Each RandomState has keys of its own, so this is a random number.
        let name = format!("plugin-{:016x}", RandomState::new().build_hasher().finish());
        let path = folder.join(name);
        if SocketAddr::from_pathname(&path).is_err() {
            return Ok(None);
        }
        match tokio::net::UnixListener::bind(&path) {
            Err(it) if it.kind() == io::ErrorKind::AddrInUse => {}
            bound => break (path, bound),
        }
    };
    let failed = |source| Fault::Socket { place: path.display().to_string(), source };
    let socket = socket.map_err(failed)?;
    let file = SocketFile(path.clone());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).map_err(failed)?;
    let Some(place) = path.to_str().map(str::to_owned) else {
        // The handshake is text; a path that isn't can't be told.
        return Ok(None);
    };
    let address = Address { network: "unix", place };
    Ok(Some(Listener { socket: Socket::Unix(socket), address, _file: Some(file) }))
}

/// Binds the first free port of the host's range, or any where there is none.
async fn bind_tcp(environment: &Environment) -> Result<Listener, Fault> {
    let ports = &environment.ports;
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for port in ports.clone() {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(socket) => match socket.local_addr() {
                Ok(it) => {
                    let address = Address { network: "tcp", place: it.to_string() };
                    return Ok(Listener {
                        socket: Socket::Tcp(socket),
                        address,
                        #[cfg(unix)]
                        _file: None,
                    });
                }
                Err(it) => last = it,
            },
            Err(it) => last = it,
        }
    }
    let place = format!("127.0.0.1, ports {} to {}", ports.start(), ports.end());
    Err(Fault::Socket { place, source: last })
}
