//! What handlers ask for: the visitor, a connection, a transaction.

use std::convert::Infallible;
use std::ops::{Deref, DerefMut};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::frame::{self, Frame};
use super::levels::Detail;
use super::request::ClientAddress;
use super::shell::{Flash, Shell};
use super::{AppState, Error};
use crate::auth::audit::{self, Acting};
use crate::auth::{CurrentUser, Permission};
use crate::platform::telemetry::RequestId;
use crate::platform::{db, submissions};

fn request_id(parts: &Parts) -> String {
    parts
        .extensions
        .get::<RequestId>()
        .map(RequestId::to_string)
        .unwrap_or_default()
}

/// The visit of a signed-in person: who, when, and the frame of the page to answer with.
pub struct Visit {
    /// The person.
    pub user: CurrentUser,
    /// Frame of the answer.
    frame: Frame,
    /// When the request came.
    pub now: DateTime<Utc>,
    /// The same moment as a date in France.
    pub today: NaiveDate,
    request_id: String,
}

impl Visit {
    /// The frame of a page: title, menu, message left by the previous act.
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        self.frame.shell(title)
    }

    /// Whether the person's role holds the permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.user.may(permission)
    }

    /// The territories that queries must stay within; `None` means all of them.
    pub fn scope(&self) -> Option<&[String]> {
        self.user.scope()
    }

    /// How much of the levels of risk the person may see on the places of a territory.
    pub fn level_detail(&self) -> Detail {
        if self.may(Permission::ViewRisk) {
            Detail::ByPlace
        } else if self.may(Permission::ViewCompanies) {
            Detail::Held
        } else {
            Detail::Counts
        }
    }

    /// Who signs what this visit does.
    pub fn acting(&self) -> Acting {
        Acting::user(&self.user, &self.request_id)
    }
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        // `guard::pass` puts the person there on every route that is not public.
        let user = parts
            .extensions
            .get::<CurrentUser>()
            .cloned()
            .ok_or(Error::NotFound)?;
        Ok(Self {
            frame: Frame::of_request(state, Some(&user), parts),
            user,
            now: state.clock.now(),
            today: state.clock.today(),
            request_id: request_id(parts),
        })
    }
}

/// A visit on a public route: perhaps signed in.
pub struct Visitor {
    /// The person, if signed in.
    pub user: Option<CurrentUser>,
    /// The visitor's address.
    pub address: String,
    /// The browser as it names itself.
    pub user_agent: String,
    /// When the request came.
    pub now: DateTime<Utc>,
    frame: Frame,
    request_id: String,
}

impl Visitor {
    /// The frame of a page.
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        self.frame.shell(title)
    }

    /// Who signs what this visit does.
    pub fn acting(&self) -> Acting {
        match &self.user {
            Some(user) => Acting::user(user, &self.request_id),
            None => Acting::visitor(&self.request_id),
        }
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let user = parts.extensions.get::<CurrentUser>().cloned();
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok());
        Ok(Self {
            frame: Frame::of_request(state, user.as_ref(), parts),
            user,
            address: parts
                .extensions
                .get::<ClientAddress>()
                .map_or_else(|| "inconnue".to_owned(), |address| address.0.clone()),
            user_agent: agent.unwrap_or("Navigateur inconnu").to_owned(),
            now: state.clock.now(),
            request_id: request_id(parts),
        })
    }
}

/// A connection for a page that only reads.
pub struct Db(PoolConnection<Postgres>);

impl FromRequestParts<AppState> for Db {
    type Rejection = Error;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Error> {
        Ok(Self(state.pool.acquire().await?))
    }
}

impl Deref for Db {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.0
    }
}

impl DerefMut for Db {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}

/// The transaction of an act, signed by the person: committed by the handler, undone if it is
/// dropped before.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    user_id: Option<Uuid>,
    now: DateTime<Utc>,
    https: bool,
}

impl FromRequestParts<AppState> for Tx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let user = parts.extensions.get::<CurrentUser>();
        let request_id = request_id(parts);
        let acting = match user {
            Some(user) => Acting::user(user, &request_id),
            None => Acting::visitor(&request_id),
        };
        let user_id = user.map(|user| user.id);
        let mut inner = db::begin(&state.pool).await?;
        audit::sign(&mut inner, &acting).await?;
        Ok(Self {
            inner,
            user_id,
            now: state.clock.now(),
            https: state.is_https(),
        })
    }
}

impl Tx {
    /// A transaction signed by this visit, for a handler that first had something long to wait for.
    pub async fn begin(state: &AppState, visit: &Visit) -> Result<Self, Error> {
        let mut inner = db::begin(&state.pool).await?;
        audit::sign(&mut inner, &visit.acting()).await?;
        Ok(Self {
            inner,
            user_id: Some(visit.user.id),
            now: visit.now,
            https: state.is_https(),
        })
    }

    /// Reserves the key of a form. If the same form was carried out before, gives where it led:
    /// the handler then redirects there. A twin in flight is waited for.
    pub async fn already_done(&mut self, key: Option<Uuid>) -> Result<Option<Response>, Error> {
        let (Some(key), Some(user_id)) = (key, self.user_id) else {
            return Ok(None);
        };
        let location = submissions::claim(&mut self.inner, key, user_id, self.now).await?;
        Ok(location.map(|location| Redirect::to(&location).into_response()))
    }

    /// Keeps what was done, and sends the visitor to see it with a word of confirmation.
    pub async fn finish(
        mut self,
        key: Option<Uuid>,
        location: &str,
        message: &str,
    ) -> Result<Response, Error> {
        if let Some(key) = key {
            submissions::settle(&mut self.inner, key, location).await?;
        }
        self.inner.commit().await?;
        Ok(redirect_with(
            location,
            &Flash::success(message),
            self.https,
        ))
    }

    /// Keeps what was done.
    pub async fn commit(self) -> Result<(), Error> {
        Ok(self.inner.commit().await?)
    }
}

impl Deref for Tx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

/// 303 with a message for the next page.
pub fn redirect_with(location: &str, flash: &Flash, https: bool) -> Response {
    let mut response = Redirect::to(location).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&frame::flash_cookie(flash, https)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
