//! The site as a visitor meets it: the production router without a socket, a cookie jar, and forms
//! that are filled by the names that the page really shows.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use scraper::{ElementRef, Html, Selector};
use tower::ServiceExt as _;
use uuid::Uuid;
use vigie::app;
use vigie::auth::sessions;
use vigie::domain::Role;
use vigie::platform::bucket::Bucket;
use vigie::platform::clock::Clock;
use vigie::platform::config::Settings;
use vigie::platform::db::pool_of;
use vigie::platform::mail::Mailer;
use vigie::platform::pdf::Printer;
use vigie::platform::telemetry::SqlCount;
use vigie::web::AppState;

use super::db::TestDb;
use super::folder::Folder;

/// The moment at which tests begin: a Tuesday morning in Paris.
pub fn start() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().expect("a date")
}

/// Connections that a crowd shares: enough to collide, few enough for a loaded machine.
const CROWD: u32 = 5;

/// The site over a database of its own.
pub struct TestApp {
    /// What handlers reach; its clock is fixed and its mailer keeps the mails.
    pub state: AppState,
    /// The isolated database, dropped with the test.
    pub db: TestDb,
    router: Router,
    /// The data folder, removed with the test.
    _folder: Folder,
}

impl TestApp {
    /// A site with the reference data and nobody in it.
    pub async fn new() -> Self {
        Self::with_mailer(Mailer::memory()).await
    }

    /// The same, with another way for mails.
    pub async fn with_mailer(mailer: Mailer) -> Self {
        Self::build(mailer, |_| {}).await
    }

    /// The same, under other settings.
    pub async fn with_settings(change: fn(&mut Settings)) -> Self {
        Self::build(Mailer::memory(), change).await
    }

    async fn build(mailer: Mailer, change: fn(&mut Settings)) -> Self {
        super::count_statements();
        let db = TestDb::new().await;
        let folder = Folder::new();
        let mut settings = super::settings();
        settings.data_dir = Some(folder.path().to_owned());
        change(&mut settings);
        let state = super::state_with(&db, Clock::fixed(start()), mailer, &settings);
        let router = app::router(state.clone());
        Self {
            state,
            db,
            router,
            _folder: folder,
        }
    }

    /// The same site, whose requests wait for a free connection as long as it takes: for tests that
    /// crowd it on purpose, whatever the speed of the machine.
    pub fn patient(mut self) -> Self {
        let options = self.db.options().clone();
        self.state.pool = pool_of(options, CROWD, Duration::from_mins(1));
        self.router = app::router(self.state.clone());
        self
    }

    /// The same site, with this way to make PDF.
    pub fn printing_with(mut self, printer: Printer) -> Self {
        self.state.pdf = printer;
        self.router = app::router(self.state.clone());
        self
    }

    /// The same site, with this way to send mail.
    pub fn mailing_with(mut self, mailer: Mailer) -> Self {
        self.state.mailer = mailer;
        self.router = app::router(self.state.clone());
        self
    }

    /// The same site, whose new documents go to this bucket, or to the database.
    pub fn keeping_in(mut self, bucket: Option<Bucket>) -> Self {
        self.state.bucket = bucket;
        self.router = app::router(self.state.clone());
        self
    }

    /// Moves the clock.
    pub fn wait(&self, time: TimeDelta) {
        self.state.clock.advance(time);
    }

    /// A visitor without a session.
    pub fn visitor(&self) -> Client {
        Client {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
            headers: HeaderMap::new(),
            user_id: Uuid::nil(),
        }
    }

    /// A person of this role, with a session; advisers get the territories.
    pub async fn sign_in(&self, role: Role, territories: &[&str]) -> Client {
        let mut conn = self.state.pool.acquire().await.expect("a connection");
        let id = Uuid::now_v7();
        let name = format!("{} Essai {}", role.label(), &id.simple().to_string()[26..]);
        sqlx::query(
            "with o as (insert into organisations (name, kind) values ('Organisme d’essai', 'council')
                        on conflict (fold_text(name), coalesce(siren, '')) do update set kind = excluded.kind returning id)
             insert into users (id, email, full_name, role, organisation_id, status, password_hash)
             select $1, $2, $3, $4, o.id, 'active', 'none' from o",
        )
        .bind(id)
        .bind(format!("{id}@essai.example"))
        .bind(name)
        .bind(role.code())
        .execute(&mut *conn)
        .await
        .expect("a user");
        for siren in territories {
            sqlx::query("insert into user_territories (user_id, territory_siren) values ($1, $2)")
                .bind(id)
                .bind(siren)
                .execute(&mut *conn)
                .await
                .expect("a territory of the user");
        }
        self.session_of(id).await
    }

    /// Another session of a known person.
    pub async fn session_of(&self, user_id: Uuid) -> Client {
        let mut conn = self.state.pool.acquire().await.expect("a connection");
        let now = self.state.clock.now();
        let token = sessions::open(&mut conn, user_id, "Essai", "192.0.2.1", now)
            .await
            .expect("a session");
        let mut client = self.visitor();
        client.user_id = user_id;
        client
            .cookies
            .insert("vigie".to_owned(), token.as_str().to_owned());
        client
    }
}

/// A browser without a screen.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// Cookies kept from answers.
    pub cookies: BTreeMap<String, String>,
    /// Headers added to every request.
    pub headers: HeaderMap,
    /// Who is signed in; nil for a visitor.
    pub user_id: Uuid,
}

impl Client {
    /// Reads a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).expect("a request"))
            .await
    }

    /// Posts raw fields. Prefer `submit`, which proves that the page offers them.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_html_form::to_string(fields).expect("fields");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Posts a form taken from a page.
    pub async fn submit(&mut self, form: &Form) -> Page {
        let fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        self.post(&form.action, &fields).await
    }

    /// Posts a form that carries files, in the field of this name.
    pub async fn upload(&mut self, form: &Form, field: &str, files: &[(&str, &[u8])]) -> Page {
        const BOUNDARY: &str = "----limite-d-essai";
        let mut body = Vec::new();
        for (name, value) in &form.fields {
            body.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            );
        }
        for (name, bytes) in files {
            body.extend_from_slice(
                format!(
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                     Content-Type: application/octet-stream\r\n\r\n"
                )
                .as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post(&form.action)
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Sends any request, as the same-origin page would.
    pub async fn send(&mut self, mut request: Request<Body>) -> Page {
        let headers = request.headers_mut();
        headers
            .entry(header::HOST)
            .or_insert("localhost:8080".parse().expect("a host"));
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().expect("cookies"));
        }
        let path = request.uri().to_string();
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router answers");
        self.keep_cookies(response.headers());
        let sql = response
            .extensions()
            .get::<SqlCount>()
            .map_or(0, |count| count.0);
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Page {
            path,
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
            sql,
        }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().expect("an ASCII cookie");
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let (name, content) = pair.split_once('=').expect("a cookie");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), content.to_owned());
            }
        }
    }
}

/// An answer.
pub struct Page {
    /// Path asked for.
    pub path: String,
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub text: String,
    /// Body as it came.
    pub bytes: Vec<u8>,
    /// SQL statements behind it.
    pub sql: u32,
}

impl Page {
    /// Where it redirects to.
    pub fn location(&self) -> Option<String> {
        let value = self.headers.get(header::LOCATION)?;
        Some(value.to_str().expect("an ASCII location").to_owned())
    }

    /// Fails unless the status is this one; the body says why it is not.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{} answered:\n{}",
            self.path,
            self.words()
        );
        self
    }

    /// The words of the page, with plain spaces, as a reader meets them.
    pub fn words(&self) -> String {
        let html = Html::parse_document(&self.text);
        let main = Selector::parse("main").expect("a selector");
        let root = html
            .select(&main)
            .next()
            .unwrap_or_else(|| html.root_element());
        let words: Vec<&str> = root.text().flat_map(str::split_whitespace).collect();
        words.join(" ").replace(['\u{a0}', '\u{202f}'], " ")
    }

    /// Fails unless the page says this, whatever the kind of its spaces.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        let wanted = text.replace(['\u{a0}', '\u{202f}'], " ");
        assert!(
            self.words().contains(&wanted),
            "« {wanted} » is not in {}:\n{}",
            self.path,
            self.words()
        );
        self
    }

    /// Fails if the page says this anywhere, attributes included.
    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.text.contains(text), "« {text} » is in {}", self.path);
        self
    }

    /// Texts of the elements that match.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        let html = Html::parse_document(&self.text);
        html.select(&selector)
            .map(|e| {
                e.text()
                    .flat_map(str::split_whitespace)
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    /// The form that posts or gets to this path, as the page offers it.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let html = Html::parse_document(&self.text);
        let forms = Selector::parse("form").expect("a selector");
        let own = self.path.split('?').next().unwrap_or_default();
        let found = html.select(&forms).find(|form| {
            form.value()
                .attr("action")
                .filter(|a| !a.is_empty())
                .unwrap_or(own)
                == action
        });
        let Some(form) = found else {
            panic!("{} has no form to {action}:\n{}", self.path, self.words())
        };
        Form {
            action: action.to_owned(),
            ..Form::read(form)
        }
    }
}

/// A form of a page: its fields with their present values.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// What it would send now.
    pub fields: Vec<(String, String)>,
    offered: Vec<(String, Option<String>)>,
}

impl Form {
    fn read(form: ElementRef<'_>) -> Self {
        let controls = Selector::parse("input, textarea, select").expect("a selector");
        let mut fields = Vec::new();
        let mut offered = Vec::new();
        for control in form.select(&controls) {
            let element = control.value();
            let Some(name) = element
                .attr("name")
                .filter(|_| element.attr("disabled").is_none())
            else {
                continue;
            };
            let name = name.to_owned();
            match (element.name(), element.attr("type").unwrap_or("text")) {
                ("textarea", _) => {
                    fields.push((name.clone(), control.text().collect()));
                    offered.push((name, None));
                }
                ("select", _) => read_select(control, &name, &mut fields, &mut offered),
                (_, "checkbox" | "radio") => {
                    let value = element.attr("value").unwrap_or("on").to_owned();
                    if element.attr("checked").is_some() {
                        fields.push((name.clone(), value.clone()));
                    }
                    offered.push((name, Some(value)));
                }
                (_, "submit" | "button" | "file") => {}
                _ => {
                    fields.push((name.clone(), element.attr("value").unwrap_or("").to_owned()));
                    offered.push((name, None));
                }
            }
        }
        Self {
            action: String::new(),
            fields,
            offered,
        }
    }

    /// Fills a field; fails when the page offers no such field or no such choice.
    #[track_caller]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        let is_offered = self
            .offered
            .iter()
            .any(|(n, choice)| n == name && choice.as_deref().is_none_or(|choice| choice == value));
        assert!(
            is_offered,
            "no field {name} for « {value} »; the form offers {:?}",
            self.offered
        );
        self.fields.retain(|(n, _)| n != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The present value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}

fn read_select(
    control: ElementRef<'_>,
    name: &str,
    fields: &mut Vec<(String, String)>,
    offered: &mut Vec<(String, Option<String>)>,
) {
    let options = Selector::parse("option").expect("a selector");
    let mut chosen = None;
    for option in control.select(&options) {
        let text: String = option.text().collect();
        let value = option.value().attr("value").map_or(text, str::to_owned);
        if option.value().attr("selected").is_some() || chosen.is_none() {
            chosen = Some(value.clone());
        }
        offered.push((name.to_owned(), Some(value)));
    }
    if let Some(value) = chosen {
        fields.push((name.to_owned(), value));
    }
}
