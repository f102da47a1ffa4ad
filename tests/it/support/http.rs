//! A small HTTP client over a bare socket, for tests of the server itself.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One request on one connection; the whole answer as text, empty when the server hung up.
pub async fn get(address: SocketAddr, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let mut socket = send(address, &request).await;
    rest(&mut socket).await
}

/// A connection on which these bytes were sent.
pub async fn send(address: SocketAddr, bytes: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    socket
        .write_all(bytes.as_bytes())
        .await
        .expect("the bytes leave");
    socket
}

/// Everything until the server closes the connection.
pub async fn rest(socket: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A reset instead of an orderly end also closes the connection.
    let _ = socket.read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}
