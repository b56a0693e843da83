//! A connection that is kept open, from whichever of this machine's addresses.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use tokio::net::TcpSocket;

const JSON: &str = "application/json";

pub struct Client {
    stream: BufReader<TcpStream>,
    /// Lines that go with every request, each ended.
    headers: String,
}

impl Client {
    pub fn new(to: SocketAddr, from: Ipv4Addr, headers: &str) -> Result<Client> {
        // The standard library can't choose where a connection comes from.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let stream = runtime.block_on(async {
            let socket = TcpSocket::new_v4()?;
            socket.bind((from, 0).into())?;
            socket.connect(to).await?.into_std()
        })?;
        stream.set_nonblocking(false)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Client { stream: BufReader::new(stream), headers: headers.to_string() })
    }

    pub fn get(&mut self, path: &str) -> Result<(u16, String)> {
        self.send("GET", path, JSON, "")
    }

    pub fn post(&mut self, path: &str, body: &str) -> Result<(u16, String)> {
        self.send("POST", path, JSON, body)
    }

    /// As a browser sends a form.
    pub fn post_form(&mut self, path: &str, body: &str) -> Result<(u16, String)> {
        self.send("POST", path, "application/x-www-form-urlencoded", body)
    }

    fn send(&mut self, method: &str, path: &str, kind: &str, body: &str) -> Result<(u16, String)> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\n{}\r\n{body}",
            body.len(),
            self.headers
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut status = 0;
        let mut length = 0;
        let mut line = String::new();
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let words = line.trim_end().to_ascii_lowercase();
            match (words.strip_prefix("http/1.1 "), words.strip_prefix("content-length: ")) {
                (Some(rest), _) => status = rest[..3].parse().expect("a status"),
                (_, Some(rest)) => length = rest.parse().expect("a length"),
                _ if words.is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}
