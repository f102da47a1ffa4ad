//! The visitor's address, found once and read by handlers.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::state::AppState;
use crate::platform::client;

/// The visitor's address, behind trusted proxies too; « inconnue » without a socket.
#[derive(Debug, Clone)]
pub struct ClientAddress(pub String);

/// Finds the visitor's true address.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let address = peer.map_or_else(
        || "inconnue".to_owned(),
        |peer| client::address(peer, request.headers(), &state.config.trusted_proxies).to_string(),
    );
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}
