//! The outbox: the list, one mail, sending again.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::queries::{self, Detail, Row};
use super::{NOTHING_DONE, words};
use crate::auth::Permission;
use crate::auth::audit::{self, Act};
use crate::platform::mail::outbox;
use crate::web::filters;
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::letter::Preview;
use crate::web::pager::{self, COUNT_LIMIT, Page, Total};
use crate::web::shell::Shell;
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

const PATH: &str = "/reglages/courriels";
const SIZE: u32 = 50;
const NO_SERVER: &str = "Aucun serveur de courriel n’est configuré\u{a0}: rien ne peut partir. Réglez VIGIE_SMTP_URL, \
     puis revenez.";

/// The filters, as the address carries them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    etat: String,
    nature: String,
    page: Option<String>,
}

impl ListQuery {
    /// The status and the kind asked for; what names none filters nothing.
    fn wanted(&self) -> (Option<&str>, Option<&str>) {
        let known = |words: &[(&str, &str)], code: &str| words.iter().any(|(c, _)| *c == code);
        (
            Some(self.etat.as_str()).filter(|code| known(words::STATUSES, code)),
            Some(self.nature.as_str()).filter(|code| known(words::KINDS, code)),
        )
    }

    fn active(&self) -> Vec<ActiveFilter> {
        let (status, kind) = self.wanted();
        let href = |name: &str, code: Option<&str>| match code {
            Some(code) => format!("{PATH}?{name}={code}"),
            None => PATH.to_owned(),
        };
        let mut active = Vec::new();
        if let Some(code) = status {
            active.push(ActiveFilter {
                label: format!("État\u{a0}: {}", words::of(words::STATUSES, code)),
                remove_href: href("nature", kind),
            });
        }
        if let Some(code) = kind {
            active.push(ActiveFilter {
                label: format!("Nature\u{a0}: {}", words::of(words::KINDS, code)),
                remove_href: href("etat", status),
            });
        }
        active
    }
}

impl Row {
    fn kind_words(&self) -> &str {
        words::of(words::KINDS, &self.kind)
    }

    fn status_words(&self) -> &str {
        words::of(words::STATUSES, &self.status)
    }

    fn failure_words(&self) -> Option<String> {
        self.last_error.as_deref().map(words::failure)
    }

    /// Whom it is for.
    fn recipient(&self) -> &str {
        if self.to_name.is_empty() {
            &self.to_address
        } else {
            &self.to_name
        }
    }
}

fn choices(words: &[(&str, &str)]) -> Vec<Choice> {
    words
        .iter()
        .map(|(code, words)| Choice::new(*code, *words))
        .collect()
}

#[derive(Template, WebTemplate)]
#[template(path = "mails/index.html")]
struct ListPage {
    shell: Shell,
    query: ListQuery,
    statuses: Vec<Choice>,
    kinds: Vec<Choice>,
    filters: Vec<ActiveFilter>,
    errors: FormErrors,
    rows: Vec<Row>,
    page: Page,
    kept: i64,
    has_mail: bool,
}

/// `GET /reglages/courriels`
pub async fn index(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Query(query): Query<ListQuery>,
    RawQuery(raw): RawQuery,
) -> Result<impl IntoResponse> {
    let number = pager::requested(query.page.as_deref()).map_err(|_| Error::NotFound)?;
    let wanted = query.wanted();
    let counts = queries::count(&mut db, wanted, COUNT_LIMIT + 1).await?;
    let total = Total::from_limited(counts.found);
    let page = Page::new(number, SIZE, total, PATH, raw.as_deref()).map_err(|_| Error::NotFound)?;
    let window = (i64::from(SIZE), pager::offset(number, SIZE));
    Ok(ListPage {
        shell: visit.shell("Courriels").via("Accueil", "/").at("Courriels"),
        rows: queries::list(&mut db, wanted, window).await?,
        statuses: choices(words::STATUSES),
        kinds: choices(words::KINDS),
        filters: query.active(),
        errors: FormErrors::default(),
        query,
        page,
        kept: counts.kept,
        has_mail: state.mailer.is_enabled(),
    })
}

#[derive(Template, WebTemplate)]
#[template(path = "mails/show.html")]
struct MailPage {
    shell: Shell,
    mail: Detail,
    preview: Preview,
    has_mail: bool,
}

impl MailPage {
    /// Whether the page offers to send it.
    fn is_sendable(&self) -> bool {
        self.has_mail
            && self.mail.row.status != "waiting"
            && self.mail.confidentiality != "secret"
            && !self.mail.is_emptied
            && !self.mail.is_over
    }
}

async fn mail(conn: &mut sqlx::PgConnection, visit: &Visit, id: &str) -> Result<Detail> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    queries::find(conn, id, visit.now)
        .await?
        .ok_or(Error::NotFound)
}

/// Whether the page that a mail is about opens for the visitor.
fn may_open(visit: &Visit, path: &str) -> bool {
    let of = |room: &str| path.starts_with(room);
    if of("/rencontres/") {
        visit.may(Permission::LogMeetings)
    } else if of("/ateliers/") {
        visit.may(Permission::ViewWorkshops)
    } else if of("/alertes") {
        visit.may(Permission::HandleAlerts)
    } else if of("/actions") {
        visit.may(Permission::ViewPlans)
    } else {
        !of("/entreprises/") || visit.may(Permission::ViewCompanies)
    }
}

/// `GET /reglages/courriels/{id}`
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let mut mail = mail(&mut db, &visit, &id).await?;
    mail.related = mail.related.filter(|path| may_open(&visit, path));
    let title = format!("Courriel à {}", mail.row.recipient());
    let shell = visit
        .shell(&title)
        .via("Accueil", "/")
        .via("Courriels", PATH)
        .at(&title);
    let preview = Preview {
        recipients: vec![(mail.row.to_name.clone(), mail.row.to_address.clone())],
        subject: mail.row.subject.clone(),
        text: mail.text.clone(),
        files: mail.files.clone(),
    };
    Ok(MailPage {
        shell,
        mail,
        preview,
        has_mail: state.mailer.is_enabled(),
    })
}

/// A button without a field of its own.
#[derive(Debug, Deserialize)]
pub struct NoField {}

/// `POST /reglages/courriels/{id}/renvoyer`
pub async fn send_again(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let mail = mail(&mut tx, &visit, &id).await?;
    let back = format!("{PATH}/{}", mail.row.id);
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    if !state.mailer.is_enabled() {
        return Err(Error::Conflict(NO_SERVER.to_owned()));
    }
    if mail.confidentiality == "secret" {
        return Err(Error::Conflict(
            "Ce courriel contenait un lien qui n’a pas été conservé. Refaites un lien depuis la fiche de la \
             personne."
                .to_owned(),
        ));
    }
    if mail.is_over {
        return Err(Error::Conflict(
            "Ce courriel n’a plus d’objet\u{a0}: ce qu’il annonce est passé, annulé ou déjà tenu."
                .to_owned(),
        ));
    }
    if mail.is_emptied {
        return Err(Error::Conflict(
            "Le texte de ce courriel n’est plus gardé entier\u{a0}: refaites-le depuis la page liée.".to_owned(),
        ));
    }
    if !outbox::send_again(&mut tx, mail.row.id, visit.now).await? {
        return Err(Error::Conflict(
            "Ce courriel est déjà en attente\u{a0}: il part tout seul.".to_owned(),
        ));
    }
    let label = format!(
        "«\u{a0}{}\u{a0}» à {}",
        mail.row.kind_words(),
        mail.row.recipient()
    );
    let act = Act {
        verb: "mail_sent_again",
        object: ("mails", &mail.row.id.to_string()),
        label: &label,
        details: None,
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    tx.finish(
        submitted.key,
        &back,
        "Le courriel part dans les secondes qui viennent.",
    )
    .await
}

/// `POST /reglages/courriels/envoyer`
pub async fn send_kept(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    if submitted.is_resumed {
        return tx.finish(None, PATH, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    if !state.mailer.is_enabled() {
        return Err(Error::Conflict(NO_SERVER.to_owned()));
    }
    let (left, given_up) = outbox::send_kept(&mut tx, visit.now).await?;
    let count = i64::try_from(left).unwrap_or(i64::MAX);
    let what = Total::Exact(count).in_words("courriel gardé", "courriels gardés");
    let act = Act {
        verb: "kept_mails_sent",
        object: ("mails", "-"),
        label: &what,
        details: None,
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    let mut message = format!("{what}\u{a0}: l’envoi commence.");
    if given_up > 0 {
        message.push_str(
            " Ce qui annonçait un atelier ou un rendez-vous déjà passé ne part pas\u{a0}: il est abandonné.",
        );
    }
    tx.finish(submitted.key, PATH, &message).await
}
