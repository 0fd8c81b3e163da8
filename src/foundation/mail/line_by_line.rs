//! A connection that hands over one line at a time. Before STARTTLS somebody in between may send more than the
//! server's leave to begin; read ahead into a buffer, that would later count as said under TLS. Line by line it
//! stays below, where the handshake stumbles over it.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Bytes asked of the system at once.
const CHUNK: usize = 8 * 1024;

#[derive(Debug)]
pub(super) struct LineByLine {
    inner: TcpStream,
    ahead: Vec<u8>,
}

impl LineByLine {
    pub(super) fn new(inner: TcpStream) -> Self {
        Self {
            inner,
            ahead: Vec::new(),
        }
    }
}

impl AsyncRead for LineByLine {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            let mut chunk = [0; CHUNK];
            let mut read = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut self.inner).poll_read(context, &mut read))?;
            self.ahead.extend_from_slice(read.filled());
        }
        let line = self
            .ahead
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.ahead.len(), |end| end + 1);
        let length = line.min(into.remaining());
        into.put_slice(&self.ahead[..length]);
        self.ahead.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for LineByLine {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

impl AsyncTokioStream for LineByLine {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.inner.peer_addr()
    }
}
