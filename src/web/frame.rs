//! What surrounds a page: menu of the role, breadcrumb, message left by the previous act.

use std::fmt::Write as _;

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::shell::{self, Flash, FlashKind, Shell};
use super::state::AppState;
use crate::auth::CurrentUser;

const FLASH_COOKIE: &str = "vigie-message";

impl Flash {
    /// It went well.
    pub fn success(text: impl Into<String>) -> Self {
        Self {
            kind: FlashKind::Success,
            text: text.into(),
        }
    }

    /// It did not.
    pub fn failure(text: impl Into<String>) -> Self {
        Self {
            kind: FlashKind::Error,
            text: text.into(),
        }
    }
}

/// `Set-Cookie` that leaves a message for the next page.
pub fn flash_cookie(flash: &Flash, https: bool) -> String {
    let mark = if flash.kind == FlashKind::Success {
        '+'
    } else {
        '-'
    };
    let text = flash.text.bytes().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let secure = if https { "; Secure" } else { "" };
    format!("{FLASH_COOKIE}={mark}{text}; Path=/; Max-Age=30; HttpOnly; SameSite=Lax{secure}")
}

/// `Set-Cookie` that takes the message away once shown.
pub fn forget_flash() -> String {
    format!("{FLASH_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// The message left for this page, if any.
pub fn flash_of(headers: &HeaderMap) -> Option<Flash> {
    let value = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == FLASH_COOKIE)?
        .1;
    let (mark, hex) = value.split_at_checked(1)?;
    let bytes: Option<Vec<u8>> = (0..hex.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok())
        .collect();
    let text = String::from_utf8(bytes?)
        .ok()
        .filter(|text| !text.is_empty())?;
    let kind = if mark == "+" {
        FlashKind::Success
    } else {
        FlashKind::Error
    };
    Some(Flash { kind, text })
}

/// Everything a `Shell` needs but the title.
#[derive(Debug, Clone)]
pub struct Frame {
    user: Option<shell::ShellUser>,
    nav: Vec<shell::NavItem>,
    flash: Option<Flash>,
    organisation: String,
    search: bool,
    session_ends_in: Option<u32>,
}

impl Frame {
    /// The frame for this person at this path.
    pub fn new(
        state: &AppState,
        user: Option<&CurrentUser>,
        path: &str,
        flash: Option<Flash>,
    ) -> Self {
        let is_below = |href: &str| {
            path == href
                || (href != "/" && path.starts_with(href) && path[href.len()..].starts_with('/'))
        };
        let nav = state
            .nav
            .iter()
            .filter(|entry| user.is_some_and(|u| u.may(entry.permission)));
        Self {
            user: user.map(|user| shell::ShellUser {
                name: user.name.clone(),
                role_label: user.role.label().to_owned(),
                initials: shell::initials(&user.name),
            }),
            nav: nav
                .map(|entry| shell::NavItem {
                    label: entry.label.to_owned(),
                    href: entry.href.to_owned(),
                    current: is_below(entry.href),
                })
                .collect(),
            flash,
            organisation: state.config.organisation.name.clone(),
            session_ends_in: user.and(state.config.session.idle.as_secs().try_into().ok()),
            search: user.is_some_and(|u| u.may(crate::auth::Permission::ViewTerritories)),
        }
    }

    /// The frame of a request.
    pub fn of_request(state: &AppState, user: Option<&CurrentUser>, parts: &Parts) -> Self {
        Self::new(state, user, parts.uri.path(), flash_of(&parts.headers))
    }

    /// The shell of a page.
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        Shell {
            title: title.into(),
            user: self.user.clone(),
            nav: self.nav.clone(),
            flash: self.flash.clone(),
            organisation: self.organisation.clone(),
            search: self.search,
            session_ends_in: self.session_ends_in,
            form_key: shell::fresh_key(),
            ..Shell::default()
        }
    }
}
