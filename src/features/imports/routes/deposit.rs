//! Depositing files, and the model to fill.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::{desk, keep_and_work, path_of};
use crate::auth::Permission;
use crate::features::imports::spool::{Spool, SpoolError};
use crate::features::imports::{Deposit, Desk, analysis};
use crate::features::social;
use crate::formats::kind::FileKind;
use crate::formats::{Limits, model_file, values};
use crate::platform::submissions;
use crate::web::filters;
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;
use crate::web::{AppState, Error, Result, Visit};

/// Files of one deposit, at most.
const MOST_FILES: usize = 10;
/// Bytes of one text field, at most.
const FIELD_BYTES: usize = 1_000;

#[derive(Template, WebTemplate)]
#[template(path = "imports/new.html")]
pub struct NewPage {
    shell: Shell,
    errors: FormErrors,
    form: DepositForm,
    /// Megabytes.
    limit: i64,
    /// Whether social data of companies are accepted today.
    takes_social: bool,
    may_allow_social: bool,
    /// Layouts that are read, one sentence each.
    accepted: Vec<&'static str>,
}

/// The fields, as typed.
#[derive(Debug, Default)]
pub struct DepositForm {
    key: String,
    date: String,
    label: String,
    source: String,
}

async fn page(
    state: &AppState,
    visit: &Visit,
    form: DepositForm,
    errors: FormErrors,
) -> Result<NewPage> {
    let mut conn = state.pool.acquire().await?;
    let takes_social = social::queries::is_in_force(&mut conn, visit.today).await?;
    let mut shell = visit
        .shell("Importer un fichier")
        .via("Accueil", "/")
        .via("Imports", super::PATH)
        .at("Importer un fichier");
    shell.has_errors = !errors.is_empty();
    Ok(NewPage {
        shell,
        errors,
        form,
        takes_social,
        may_allow_social: visit.may(Permission::Administer),
        limit: i64::try_from(state.config.upload_limit >> 20).unwrap_or(i64::MAX),
        accepted: FileKind::ALL
            .iter()
            .filter(|kind| takes_social || !kind.is_social())
            .map(|kind| kind.accepted())
            .collect(),
    })
}

pub async fn new(State(state): State<AppState>, visit: Visit) -> Result<NewPage> {
    let form = DepositForm {
        date: visit.today.to_string(),
        ..DepositForm::default()
    };
    page(&state, &visit, form, FormErrors::new()).await
}

pub async fn create(State(state): State<AppState>, visit: Visit, multipart: Multipart) -> Result {
    let mut spool = Spool::open(&state.config.data_dir, state.config.upload_limit)
        .await
        .map_err(Error::internal)?;
    let mut form = DepositForm::default();
    receive(multipart, &mut spool, &mut form, state.config.upload_limit).await?;
    spool.drop_nameless();
    let (deposit, errors) = parse(&form, &spool, visit.today);
    if !errors.is_empty() {
        return Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            page(&state, &visit, form, errors).await?,
        )
            .into_response());
    }
    let desk = desk(&state, &visit);
    let mut tx = desk.begin().await?;
    let key: Option<Uuid> = form.key.parse().ok();
    if let Some(key) = key
        && let Some(done) = submissions::claim(&mut tx, key, visit.user.id, visit.now).await?
    {
        return Ok(axum::response::Redirect::to(&done).into_response());
    }
    let id = desk.record(&mut tx, &deposit).await?;
    let location = path_of(id);
    if let Some(key) = key {
        submissions::settle(&mut tx, key, &location).await?;
    }
    keep_and_work(
        async move { Ok(tx.commit().await?) },
        work(desk, id, deposit, spool),
    )
    .await?;
    Ok(axum::response::Redirect::to(&location).into_response())
}

/// The spool lives as long as the analysis, and its files no longer.
async fn work(desk: Desk, id: Uuid, deposit: Deposit, spool: Spool) {
    if let Err(failure) = analysis::analyse(&desk, id, deposit, Limits::default()).await {
        // Its words quote the file: they are for whoever deposited it, not for the log.
        tracing::info!(import = %id, code = failure.code(), "a deposit was refused");
    }
    drop(spool);
}

async fn receive(
    mut parts: Multipart,
    spool: &mut Spool,
    form: &mut DepositForm,
    limit: u64,
) -> Result<()> {
    while let Some(field) = parts.next_field().await.map_err(cut)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "fichiers" => {
                if spool.files().len() >= MOST_FILES {
                    return Err(Error::BadRequest(format!(
                        "Déposez au plus {MOST_FILES} fichiers à la fois."
                    )));
                }
                take_file(field, spool)
                    .await
                    .map_err(|error| in_french(error, limit))?;
            }
            "_cle" => form.key = text(field).await?,
            "date" => form.date = text(field).await?,
            "libelle" => form.label = text(field).await?,
            "source" => form.source = text(field).await?,
            _ => {}
        }
    }
    Ok(())
}

enum Broken {
    Spool(SpoolError),
    Cut(MultipartError),
}

async fn take_file(mut field: Field<'_>, spool: &mut Spool) -> Result<(), Broken> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut incoming = spool.begin(&name).await.map_err(Broken::Spool)?;
    while let Some(piece) = field.chunk().await.map_err(Broken::Cut)? {
        incoming.write(&piece).await.map_err(Broken::Spool)?;
    }
    incoming.finish().await.map_err(Broken::Spool)
}

fn in_french(error: Broken, limit: u64) -> Error {
    match error {
        Broken::Cut(error) => cut(error),
        Broken::Spool(SpoolError::TooLarge) => Error::TooLarge(format!(
            "Le dépôt dépasse {}\u{a0}Mo. Compressez le fichier (ZIP), ou utilisez la commande «\u{a0}vigie import\u{a0}» sur le serveur.",
            limit >> 20
        )),
        Broken::Spool(SpoolError::Disk(error))
            if error.kind() == std::io::ErrorKind::StorageFull =>
        {
            Error::Unavailable("the disk of the spool is full".to_owned())
        }
        Broken::Spool(error) => Error::internal(error),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function of an error"
)]
fn cut(error: MultipartError) -> Error {
    tracing::debug!(%error, "a deposit was cut");
    Error::BadRequest("L’envoi s’est interrompu avant la fin. Rien n’est enregistré\u{a0}: déposez le fichier à nouveau.".to_owned())
}

async fn text(mut field: Field<'_>) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(cut)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > FIELD_BYTES {
            return Err(Error::BadRequest(
                "Un champ est trop long\u{a0}: 200 caractères suffisent.".to_owned(),
            ));
        }
    }
    Ok(String::from_utf8_lossy(&bytes)
        .replace('\0', "")
        .trim()
        .to_owned())
}

fn parse(form: &DepositForm, spool: &Spool, today: NaiveDate) -> (Deposit, FormErrors) {
    let mut errors = FormErrors::new();
    if spool.files().is_empty() {
        errors.add(
            "fichiers",
            "Choisissez au moins un fichier, par exemple etablissements.csv.",
        );
    }
    let date = values::date(&form.date, false);
    if date.is_none_or(|date| {
        date > today || date < NaiveDate::from_ymd_opt(1973, 1, 1).unwrap_or(today)
    }) {
        errors.add(
            "date",
            "Indiquez la date des données, passée ou d’aujourd’hui, par exemple 01/11/2026.",
        );
    }
    for (name, value) in [("libelle", &form.label), ("source", &form.source)] {
        if value.chars().count() > 200 {
            errors.add(name, "Écrivez 200 caractères au plus.");
        }
    }
    let deposit = Deposit {
        files: spool.files().to_vec(),
        source_date: date.unwrap_or(today),
        label: form.label.clone(),
        source: form.source.clone(),
    };
    (deposit, errors)
}

pub async fn model_csv(_visit: Visit) -> Result {
    let mut bytes = Vec::new();
    model_file::write_csv(&mut bytes).map_err(Error::internal)?;
    Ok(download(
        "text/csv; charset=utf-8",
        "attachment; filename=\"modele-entreprises.csv\"",
        bytes,
    ))
}

pub async fn model_xlsx(_visit: Visit) -> Result {
    let mut bytes = Vec::new();
    model_file::write_xlsx(&mut bytes).map_err(Error::internal)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(
        kind,
        "attachment; filename=\"modele-entreprises.xlsx\"",
        bytes,
    ))
}

/// A file to keep.
pub fn download(kind: &'static str, disposition: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}
