//! Release a place, move a company to another one, change its referent.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sqlx::PgConnection;

use super::{choose, key, refused, refused_form, replace, signature, staff};
use crate::features::key_companies::forms::{ExitForm, MoveForm, ReferentForm};
use crate::features::key_companies::places::{self, Refusal, Seen};
use crate::features::key_companies::queries::{self, HolderRow, TerritoryName};
use crate::web::extract::{Db, Tx, Visit};
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;
use crate::web::submitted::Submitted;
use crate::web::{Result, filters};

/// What an act on a holder answers with, besides the form.
struct Answer {
    status: StatusCode,
    errors: FormErrors,
    /// The holder changed while the person was typing.
    is_stale: bool,
}

impl Answer {
    fn blank() -> Self {
        Self {
            status: StatusCode::OK,
            errors: FormErrors::new(),
            is_stale: false,
        }
    }

    fn typed(is_resumed: bool, errors: FormErrors) -> Self {
        Self {
            status: refused_form(is_resumed),
            errors,
            is_stale: false,
        }
    }

    /// The version that the form goes on with: the present one only once its state was shown.
    fn version(&self, seen: i32, held: &HolderRow) -> i32 {
        if self.is_stale { held.version } else { seen }
    }

    fn refused(refusal: Refusal) -> Result<Self> {
        let is_stale = matches!(refusal, Refusal::Stale);
        let (status, errors) = refused(refusal)?;
        Ok(Self {
            status,
            errors,
            is_stale,
        })
    }
}

fn shell(visit: &Visit, held: &HolderRow, title: &str, errors: &FormErrors) -> Shell {
    let territory = TerritoryName {
        siren: held.territory_siren.clone(),
        name: held.territory_name.clone(),
    };
    choose::shell(visit, &territory, title, errors)
}

fn home(held: &HolderRow) -> String {
    format!("/territoires/{}", held.territory_siren)
}

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/release.html")]
struct ReleasePage {
    shell: Shell,
    held: HolderRow,
    is_stale: bool,
    outcomes: Vec<Choice>,
    form: ExitForm,
    errors: FormErrors,
}

pub async fn release_form(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<Response> {
    let held = queries::holder(&mut db, key(&id)?, visit.scope()).await?;
    let date = visit.today.to_string();
    let form = ExitForm {
        date,
        version: held.version,
        ..ExitForm::default()
    };
    Ok(release_page(&visit, held, form, Answer::blank()))
}

pub async fn release(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<ExitForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let held = queries::holder(&mut tx, key(&id)?, visit.scope()).await?;
    let form = submitted.form.clone();
    let exit = match form.parse(submitted.first_errors()) {
        Ok(exit) => exit,
        Err(errors) => {
            let answer = Answer::typed(submitted.is_resumed, errors);
            return Ok(release_page(&visit, held, form, answer));
        }
    };
    let seen = Seen {
        id: held.id,
        version: form.version,
    };
    match places::release(&mut tx, &signature(&visit), seen, &exit).await {
        Ok(()) => {
            let message = format!("La place {} est libre.", held.slot);
            tx.finish(submitted.key, &home(&held), &message).await
        }
        Err(refusal) => {
            let answer = Answer::refused(refusal)?;
            let held = queries::holder(&mut tx, held.id, visit.scope()).await?;
            Ok(release_page(&visit, held, form, answer))
        }
    }
}

fn release_page(visit: &Visit, held: HolderRow, mut form: ExitForm, answer: Answer) -> Response {
    form.version = answer.version(form.version, &held);
    let page = ReleasePage {
        shell: shell(visit, &held, "Libérer une place", &answer.errors),
        held,
        is_stale: answer.is_stale,
        outcomes: replace::outcomes(),
        form,
        errors: answer.errors,
    };
    (answer.status, page).into_response()
}

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/move.html")]
struct MovePage {
    shell: Shell,
    held: HolderRow,
    is_stale: bool,
    targets: Vec<Choice>,
    form: MoveForm,
    errors: FormErrors,
}

pub async fn move_form(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<Response> {
    let held = queries::holder(&mut db, key(&id)?, visit.scope()).await?;
    let form = MoveForm {
        version: held.version,
        ..MoveForm::default()
    };
    move_page(&visit, &mut db, held, form, Answer::blank()).await
}

pub async fn relocate(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<MoveForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let held = queries::holder(&mut tx, key(&id)?, visit.scope()).await?;
    let form = submitted.form.clone();
    let (slot, holder, motive) = match form.parse(submitted.first_errors()) {
        Ok(parsed) => parsed,
        Err(errors) => {
            let answer = Answer::typed(submitted.is_resumed, errors);
            return move_page(&visit, &mut tx, held, form, answer).await;
        }
    };
    let seen = Seen {
        id: held.id,
        version: form.version,
    };
    match places::relocate(&mut tx, &signature(&visit), seen, slot, holder, &motive).await {
        Ok(()) => {
            let message = format!("{} est maintenant à la place {slot}.", held.label());
            tx.finish(submitted.key, &home(&held), &message).await
        }
        Err(refusal) => {
            let answer = Answer::refused(refusal)?;
            let held = queries::holder(&mut tx, held.id, visit.scope()).await?;
            move_page(&visit, &mut tx, held, form, answer).await
        }
    }
}

async fn move_page(
    visit: &Visit,
    conn: &mut PgConnection,
    held: HolderRow,
    mut form: MoveForm,
    answer: Answer,
) -> Result<Response> {
    let others = queries::holders(conn, &held.territory_siren).await?;
    form.version = answer.version(form.version, &held);
    let target = |slot: i16| match others.iter().find(|other| other.slot == slot) {
        None => Choice::new(slot.to_string(), format!("Place {slot}, libre")),
        Some(other) => Choice::new(
            format!("{slot}.{}", other.id),
            format!("Place {slot}, en échange avec {}", other.label()),
        ),
    };
    let page = MovePage {
        shell: shell(visit, &held, "Déplacer une entreprise clé", &answer.errors),
        targets: (1..=5)
            .filter(|slot| *slot != held.slot)
            .map(target)
            .collect(),
        held,
        is_stale: answer.is_stale,
        form,
        errors: answer.errors,
    };
    Ok((answer.status, page).into_response())
}

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/referent.html")]
struct ReferentPage {
    shell: Shell,
    held: HolderRow,
    is_stale: bool,
    referents: Vec<Choice>,
    form: ReferentForm,
    errors: FormErrors,
}

pub async fn referent_form(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<Response> {
    let held = queries::holder(&mut db, key(&id)?, visit.scope()).await?;
    let form = ReferentForm {
        version: held.version,
        ..ReferentForm::default()
    };
    referent_page(&visit, &mut db, held, form, Answer::blank()).await
}

pub async fn referent(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<ReferentForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let held = queries::holder(&mut tx, key(&id)?, visit.scope()).await?;
    let form = submitted.form.clone();
    let (referent_id, motive) = match form.parse(submitted.first_errors()) {
        Ok(parsed) => parsed,
        Err(errors) => {
            let answer = Answer::typed(submitted.is_resumed, errors);
            return referent_page(&visit, &mut tx, held, form, answer).await;
        }
    };
    let seen = Seen {
        id: held.id,
        version: form.version,
    };
    match places::change_referent(&mut tx, &signature(&visit), seen, referent_id, &motive).await {
        Ok(()) => {
            let message = format!("{} a un nouveau référent.", held.label());
            tx.finish(submitted.key, &home(&held), &message).await
        }
        Err(refusal) => {
            let answer = Answer::refused(refusal)?;
            let held = queries::holder(&mut tx, held.id, visit.scope()).await?;
            referent_page(&visit, &mut tx, held, form, answer).await
        }
    }
}

async fn referent_page(
    visit: &Visit,
    conn: &mut PgConnection,
    held: HolderRow,
    mut form: ReferentForm,
    answer: Answer,
) -> Result<Response> {
    form.version = answer.version(form.version, &held);
    let page = ReferentPage {
        shell: shell(visit, &held, "Changer le référent", &answer.errors),
        referents: staff(conn).await?,
        held,
        is_stale: answer.is_stale,
        form,
        errors: answer.errors,
    };
    Ok((answer.status, page).into_response())
}
