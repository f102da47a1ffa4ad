//! Confirming a preview, and taking an import back: one transaction each.

use uuid::Uuid;

use super::desk::{Desk, Failure};
use super::model::{Counts, Status, Table, source_of};
use super::queries::apply::{self, Signature};
use super::queries::facts;
use super::queries::judge::{self, Case};
use super::queries::records::{self, ImportRow};
use super::queries::reverse::{self, Dependent};
use super::queries::staging;
use crate::auth::audit::{self, Acting};
use crate::features::social;
use crate::formats::kind::FileKind;

/// Writes a confirmed import, whose status is `applying`. Whatever happens, it ends `applied`, or
/// `ready` again with the reason, nothing being written.
pub async fn confirm(desk: &Desk, import_id: Uuid) -> Result<Counts, Failure> {
    let outcome = write(desk, import_id).await;
    if let Err(failure) = &outcome {
        let status = if matches!(failure, Failure::Refused(_)) {
            "failed"
        } else {
            "ready"
        };
        desk.settle(import_id, status, failure).await?;
    }
    outcome
}

async fn write(desk: &Desk, import_id: Uuid) -> Result<Counts, Failure> {
    let mut tx = desk.begin().await?;
    staging::prepare(&mut tx).await?;
    staging::hold(&mut tx, import_id).await?;
    apply::alone(&mut tx).await?;
    let row = records::lock(&mut tx, import_id)
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    if row.status() != Status::Applying {
        return Err(Failure::Database(sqlx::Error::RowNotFound));
    }
    if row.is_social && !social::queries::is_in_force(&mut tx, desk.clock.today()).await? {
        return Err(Failure::Refused(
            "Les données sociales ne sont plus activées\u{a0}: rien n’a été écrit, et l’aperçu est effacé."
                .to_owned(),
        ));
    }
    let mut counts = row.counts.0.clone();
    if apply::staged(&mut tx, import_id).await? != total(&counts) {
        return Err(Failure::Refused(
            "L’aperçu a été perdu lors d’un arrêt de la base de données. Rien n’a été écrit\u{a0}: \
             déposez le fichier à nouveau."
                .to_owned(),
        ));
    }
    let case = Case {
        import_id,
        department: &desk.department,
        room: 0,
    };
    // What the preview stood on may have gone since: a legal unit taken back with its own import.
    counts.rejected +=
        judge::orphans(&mut tx, case).await? + judge::unplaced(&mut tx, case).await?;
    facts::strangers(&mut tx, import_id).await?;
    apply::silence_audit(&mut tx, import_id).await?;
    apply::write(&mut tx, signature(&row, &desk.department), &mut counts).await?;
    staging::clear(&mut tx, import_id).await?;
    apply::speak_again(&mut tx).await?;
    records::applied(&mut tx, import_id, &counts, desk.clock.now()).await?;
    tx.commit().await?;
    Ok(counts)
}

fn total(counts: &Counts) -> i64 {
    Table::ALL
        .iter()
        .map(|table| counts.of(*table).total())
        .sum()
}

fn signature<'a>(row: &'a ImportRow, department: &'a str) -> Signature<'a> {
    // A deposit of several layouts names several producers: headcounts bear their own.
    let layouts = [FileKind::Headcounts, FileKind::HeadcountsBySiren].map(source_of);
    let apart = layouts.into_iter().find_map(|headcounts| {
        let first = row.source.strip_suffix(headcounts)?.strip_suffix(", ")?;
        let is_other = layouts.iter().any(|other| first.ends_with(other));
        (!is_other).then_some((first, headcounts))
    });
    let (source, headcount_source) = apart.unwrap_or((&row.source, &row.source));
    Signature {
        import_id: row.id,
        source,
        headcount_source,
        source_date: row.source_date,
        department,
    }
}

/// What stands on an import that someone wants to take back.
pub async fn obstacles(desk: &Desk, import_id: Uuid) -> Result<Vec<Dependent>, Failure> {
    let mut tx = desk.begin().await?;
    Ok(reverse::dependents(&mut tx, import_id).await?)
}

/// Takes an import back, whose status is `undoing`. It ends `undone`, or `applied` again with the
/// reason, nothing being written.
pub async fn undo(desk: &Desk, import_id: Uuid) -> Result<(), Failure> {
    let outcome = reverse(desk, import_id).await;
    if let Err(failure) = &outcome {
        desk.settle(import_id, "applied", failure).await?;
    }
    outcome
}

async fn reverse(desk: &Desk, import_id: Uuid) -> Result<(), Failure> {
    let mut tx = desk.begin().await?;
    staging::prepare(&mut tx).await?;
    staging::hold(&mut tx, import_id).await?;
    apply::alone(&mut tx).await?;
    let row = records::lock(&mut tx, import_id)
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    if row.status() != Status::Undoing {
        return Err(Failure::Database(sqlx::Error::RowNotFound));
    }
    let dependents = reverse::dependents(&mut tx, import_id).await?;
    if !dependents.is_empty() {
        let list: Vec<String> = dependents.iter().map(in_words).collect();
        return Err(Failure::Refused(format!(
            "Cet import ne peut plus être annulé, car des éléments plus récents en dépendent\u{a0}: {}.",
            list.join("\u{202f}; ")
        )));
    }
    apply::silence_audit(&mut tx, import_id).await?;
    reverse::restore(&mut tx, import_id, &desk.department).await?;
    apply::speak_again(&mut tx).await?;
    records::undone(&mut tx, import_id, desk.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// A dependent, in French.
pub fn in_words(dependent: &Dependent) -> String {
    let Dependent {
        kind,
        example,
        rows,
    } = dependent;
    let (one, many) = match kind.as_str() {
        "import" => {
            return format!(
                "l’import «\u{a0}{example}\u{a0}» ({rows}\u{a0}{})",
                plural(*rows, "ligne", "lignes")
            );
        }
        "edit" => ("fiche modifiée depuis", "fiches modifiées depuis"),
        "establishment" => (
            "établissement ajouté depuis",
            "établissements ajoutés depuis",
        ),
        "signal" => ("signal", "signaux"),
        "group" => ("appartenance à un groupe", "appartenances à un groupe"),
        "supply" => (
            "lien entre client et fournisseur",
            "liens entre clients et fournisseurs",
        ),
        "alert" => ("alerte", "alertes"),
        "told" => ("fait enregistré depuis", "faits enregistrés depuis"),
        "headcount" => ("effectif enregistré depuis", "effectifs enregistrés depuis"),
        "contact" => ("contact", "contacts"),
        "key_company" => ("place d’entreprise clé", "places d’entreprise clé"),
        _ => ("fait d’impact noté", "faits d’impact notés"),
    };
    format!("{rows}\u{a0}{} ({example})", plural(*rows, one, many))
}

fn plural<'a>(count: i64, one: &'a str, many: &'a str) -> &'a str {
    if count < 2 { one } else { many }
}

/// On start: imports that a dead process left half-way are told so. Nothing of them was written,
/// since each step is one transaction.
pub async fn recover_interrupted(desk: &Desk) -> sqlx::Result<usize> {
    let mut tx = desk.begin().await?;
    let recovered = recover(&mut tx, 0).await?;
    tx.commit().await?;
    Ok(recovered)
}

/// At any time: the same for a worker that died alone. One that has just been asked for may not have
/// taken its import in hand yet, so the last `GRACE` seconds are left out.
pub async fn recover_left(conn: &mut sqlx::PgConnection) -> sqlx::Result<usize> {
    let mut tx = sqlx::Connection::begin(conn).await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let recovered = recover(&mut tx, GRACE).await?;
    tx.commit().await?;
    Ok(recovered)
}

/// Longer than a worker waits for a connection.
const GRACE: i32 = 60;

async fn recover(conn: &mut sqlx::PgConnection, grace: i32) -> sqlx::Result<usize> {
    let abandoned = records::abandoned(conn, grace).await?;
    for import in &abandoned {
        let (status, word) = match import.status.as_str() {
            "undoing" => (
                "applied",
                "L’annulation a été interrompue par un arrêt du service. Rien n’a changé\u{a0}: demandez-la à nouveau.",
            ),
            "applying" => (
                "failed",
                "L’enregistrement a été interrompu par un arrêt du service. Rien n’a été écrit\u{a0}: déposez le fichier à nouveau.",
            ),
            _ => (
                "failed",
                "L’analyse a été interrompue par un arrêt du service. Rien n’a été écrit\u{a0}: déposez le fichier à nouveau.",
            ),
        };
        records::settle(conn, import.id, status, word).await?;
        if status == "failed" {
            staging::clear(conn, import.id).await?;
        }
    }
    Ok(abandoned.len())
}
