//! The list, the form and the page of workshops.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{alive, due, workshop};
use crate::features::organisations::queries::territories;
use crate::features::workshops::forms::{self, CancelForm, ListForm, NewWorkshop, WorkshopForm};
use crate::features::workshops::letters::What;
use crate::features::workshops::queries::{self, Seen, Wanted, agenda, decisions, guests};
use crate::features::workshops::views::{
    CancelPage, FormPage, LIST, ListPage, ShowPage, may_run, path_of,
};
use crate::web::forms::{Choice, FormErrors};
use crate::web::pager::{self, Page, Total};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// Workshops to come that are shown, at most.
const NEXT: i64 = 100;
/// Those that are over, a page.
const PAGE_SIZE: u32 = 30;

/// Those to come, then those that are over.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<ListForm>) -> Result<ListPage> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let seen = Seen::by(&visit);
    let choices: Vec<Choice> = territories(&mut db)
        .await?
        .into_iter()
        .filter(|one| visit.scope().is_none_or(|scope| scope.contains(&one.value)))
        .collect();
    let territory = choices
        .iter()
        .find(|one| one.value == form.territoire)
        .map(|one| one.value.clone());
    let wanted = |is_past| Wanted {
        territory: territory.clone(),
        is_past: Some(is_past),
        ..Wanted::default()
    };
    let total = queries::count_past(&mut db, seen, territory.as_deref(), visit.now).await?;
    let query = territory
        .as_ref()
        .map(|siren| format!("territoire={siren}"));
    let page = Page::new(
        number,
        PAGE_SIZE,
        Total::Exact(total),
        LIST,
        query.as_deref(),
    )
    .map_err(|_| Error::NotFound)?;
    let cut = (page.size.into(), pager::offset(page.number, page.size));
    let next = queries::workshops(&mut db, seen, &wanted(false), visit.now, (NEXT, 0)).await?;
    let past = queries::workshops(&mut db, seen, &wanted(true), visit.now, cut).await?;
    Ok(ListPage {
        shell: visit
            .shell(page.title("Ateliers"))
            .via("Accueil", "/")
            .at("Ateliers"),
        form,
        territories: choices,
        next,
        past,
        page,
        may_run: may_run(&visit),
        today: visit.today,
        errors: FormErrors::default(),
    })
}

/// An empty form.
pub async fn new(visit: Visit, mut db: Db) -> Result<FormPage> {
    let territories = territories(&mut db).await?;
    let form = WorkshopForm {
        duree: "120".to_owned(),
        ..WorkshopForm::default()
    };
    Ok(FormPage::new(&visit, None, territories, form))
}

fn parse(
    visit: &Visit,
    form: &WorkshopForm,
    territories: &[Choice],
    kept: Option<chrono::DateTime<chrono::Utc>>,
) -> std::result::Result<NewWorkshop, FormErrors> {
    let is_known = |siren: &str| territories.iter().any(|one| one.value == siren);
    form.parse(visit.now, is_known, kept)
}

/// Adds a workshop.
pub async fn create(
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<WorkshopForm>,
) -> Result<Response> {
    let territories = territories(&mut tx).await?;
    let page = |territories| FormPage::new(&visit, None, territories, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page(territories).refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match parse(&visit, &submitted.form, &territories, None) {
        Ok(new) => new,
        Err(errors) => {
            return Ok(page(territories).refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let id = queries::insert(&mut tx, &new, visit.user.id, visit.now).await?;
    let message = "Atelier créé. Choisissez maintenant les entreprises.";
    tx.finish(submitted.key, &format!("{LIST}/{id}"), message)
        .await
}

/// The form of a known workshop.
pub async fn edit(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<FormPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    alive(&known)?;
    let territories = territories(&mut db).await?;
    let form = WorkshopForm::of(&known);
    Ok(FormPage::new(&visit, Some(&known), territories, form))
}

/// Changes a workshop.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<WorkshopForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let territories = territories(&mut tx).await?;
    let page =
        |territories| FormPage::new(&visit, Some(&known), territories, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page(territories).refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    let new = match parse(&visit, &submitted.form, &territories, Some(known.held_at)) {
        Ok(new) => new,
        Err(errors) => {
            return Ok(page(territories).refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    if known.is_held() && new.held_at != known.held_at {
        let mut errors = FormErrors::new();
        errors.add(
            "jour",
            "Des présences sont notées ou le compte rendu est parti\u{a0}: cet atelier a eu lieu, sa date ne change plus. Pour une autre date, reprenez-le.",
        );
        return Ok(page(territories).refused(StatusCode::CONFLICT, errors));
    }
    let version = forms::version(&submitted.form.version);
    if !queries::update(&mut tx, &known, version, &new).await? {
        let change = queries::last_change(&mut tx, "workshops", known.id).await?;
        let now = workshop(&mut tx, &visit, &id).await?;
        return Ok(page(territories).overtaken(now, change));
    }
    let now = workshop(&mut tx, &visit, &id).await?;
    let is_told = !waits_for(&mut tx, What::Change, &now, visit.now).await?;
    let message = if is_told {
        "Atelier enregistré."
    } else {
        "Atelier enregistré. Les invités ne le savent pas encore\u{a0}: relisez le courriel, puis envoyez-le."
    };
    let path = path_of(&known);
    let location = if is_told {
        path
    } else {
        format!("{path}/envoyer/changement")
    };
    tx.finish(submitted.key, &location, message).await
}

/// Whether a guest is to be told this now.
async fn waits_for(
    conn: &mut PgConnection,
    what: What,
    workshop: &queries::Workshop,
    now: DateTime<Utc>,
) -> Result<bool> {
    let guests = guests::guests(conn, workshop.id).await?;
    Ok(guests.iter().any(|guest| what.is_due(workshop, guest, now)))
}

/// Refuses to cancel what took place.
fn not_held(workshop: &queries::Workshop) -> Result<()> {
    if workshop.is_held() {
        return Err(Error::Conflict(
            "Des présences sont notées ou le compte rendu est parti\u{a0}: cet atelier a eu lieu, il ne s’annule plus."
                .to_owned(),
        ));
    }
    Ok(())
}

/// Asks why.
pub async fn ask_cancel(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<CancelPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    alive(&known)?;
    not_held(&known)?;
    let form = CancelForm {
        version: known.version.to_string(),
        ..CancelForm::default()
    };
    Ok(CancelPage::new(&visit, known, form))
}

/// Cancels a workshop.
pub async fn cancel(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<CancelForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let path = path_of(&known);
    let page = |known| CancelPage::new(&visit, known, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page(known).refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    not_held(&known)?;
    let motive = match submitted.form.parse() {
        Ok(motive) => motive,
        Err(errors) => return Ok(page(known).refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let version = forms::version(&submitted.form.version);
    if !queries::cancel(&mut tx, known.id, version, &motive, visit.now).await? {
        let mut page = page(known);
        page.form.version = page.workshop.version.to_string();
        let mut errors = FormErrors::new();
        errors.add_general("Cet atelier vient d’être modifié. Relisez-le, puis annulez-le si c’est toujours voulu.");
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let cancelled = workshop(&mut tx, &visit, &id).await?;
    let has_to_tell = waits_for(&mut tx, What::Cancellation, &cancelled, visit.now).await?;
    let (location, message) = if has_to_tell {
        (
            format!("{path}/envoyer/annulation"),
            "Atelier annulé. Les invités ne le savent pas encore\u{a0}: relisez le courriel, puis envoyez-le.",
        )
    } else {
        (path, "Atelier annulé.")
    };
    tx.finish(submitted.key, &location, message).await
}

/// The page of a workshop.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<ShowPage> {
    let workshop = workshop(&mut db, &visit, &id).await?;
    page(&visit, &mut db, workshop).await
}

async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    workshop: queries::Workshop,
) -> Result<ShowPage> {
    let (seen, may_run) = (Seen::by(visit), may_run(visit));
    let agenda = agenda::agenda(conn, visit.scope(), workshop.id, may_run).await?;
    let guests = guests::guests(conn, workshop.id).await?;
    let of = decisions::Wanted {
        workshop_id: Some(workshop.id),
        ..decisions::Wanted::default()
    };
    let taken = decisions::decisions(conn, seen, &of).await?;
    let of = decisions::Wanted {
        before: Some(workshop.id),
        ..decisions::Wanted::default()
    };
    let before = decisions::decisions(conn, seen, &of).await?;
    let due = if may_run {
        due(&workshop, &guests, visit.now)
    } else {
        Vec::new()
    };
    Ok(ShowPage {
        shell: visit
            .shell(workshop.title.as_str())
            .via("Accueil", "/")
            .via("Ateliers", LIST)
            .at(workshop.title.as_str()),
        tasks: workshop.tasks(visit.today),
        agenda,
        guests,
        before,
        taken,
        due,
        today: visit.today,
        may_run,
        own_organisation: visit.user.organisation_id,
        workshop,
    })
}
