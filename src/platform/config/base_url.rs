//! The address that people type.

use std::fmt;
use std::net::IpAddr;

use axum::http::Uri;
use axum::http::uri::Scheme;

/// Scheme, host and port, without a path: `https://vigie.tarn.fr` or `http://localhost:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    secure: bool,
    authority: String,
    host: String,
}

impl BaseUrl {
    /// Reads an address. Plain `http` is accepted for this machine only, because the session
    /// cookie must never cross a network unencrypted.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not an address such as https://vigie.example.fr");
        let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| wrong())?;
        let secure = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(wrong()),
        };
        let authority = uri.authority().ok_or_else(wrong)?;
        if uri.path().len() > 1 || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(format!(
                "`{text}` must hold a scheme, a host and a port only"
            ));
        }
        let host = authority.host().to_ascii_lowercase();
        if !secure && !is_this_machine(&host) {
            return Err(format!(
                "`{text}` must start with https (http is for localhost only)"
            ));
        }
        Ok(Self {
            secure,
            authority: authority.as_str().to_ascii_lowercase(),
            host,
        })
    }

    /// This machine, by plain http.
    pub fn local(port: u16) -> Self {
        Self {
            secure: false,
            authority: format!("localhost:{port}"),
            host: "localhost".to_owned(),
        }
    }

    /// Whether browsers come by https.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Host without port, in lower case.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Host with its port when it is not the usual one, as in a `Host` header.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// A full address from a local path that starts with `/`.
    pub fn link(&self, path: &str) -> String {
        format!("{self}{path}")
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority)
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
