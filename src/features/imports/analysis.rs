//! From deposited files to a preview. Everything happens in one transaction: an analysis that is
//! interrupted leaves nothing but its own line in the list.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::PgConnection;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinError;
use uuid::Uuid;

use super::desk::{Deposit, Desk, Failure, add_cause};
use super::intake::{Found, Intake, ReadFault, SourceFile};
use super::model::{Counts, Fault, REJECTIONS_KEPT, source_of};
use super::queries::judge::{self, Case};
use super::queries::{facts, lines, originals, records, repeats, staging};
use super::sink::{Batch, Sink, Tally};
use crate::features::social;
use crate::formats::input::Limits;
use crate::formats::kind::FileKind;

/// Analyses at once on one node; others wait. Each holds a connection and a thread.
static ROOM: Semaphore = Semaphore::const_new(2);

/// Full buffers between the reader and the database: enough for both to work, few enough for
/// memory to stay small.
const BUFFERS: usize = 4;

/// Pause between two words on the progress.
const WORD_EVERY: Duration = Duration::from_millis(700);

/// Analyses a deposit that was recorded. Whatever happens, the import ends `ready` or `failed`.
pub async fn analyse(
    desk: &Desk,
    import_id: Uuid,
    deposit: Deposit,
    limits: Limits,
) -> Result<(), Failure> {
    let outcome = attempt(desk, import_id, deposit, limits).await;
    if let Err(failure) = &outcome {
        desk.settle(import_id, "failed", failure).await?;
    }
    outcome
}

async fn attempt(
    desk: &Desk,
    import_id: Uuid,
    deposit: Deposit,
    limits: Limits,
) -> Result<(), Failure> {
    let mut tx = desk.begin().await?;
    staging::prepare(&mut tx).await?;
    staging::hold(&mut tx, import_id).await?;
    let Ok(_place) = ROOM.acquire().await else {
        return Err(Failure::Refused(
            "Le service s’arrête\u{a0}: déposez le fichier à nouveau.".to_owned(),
        ));
    };
    let communes = staging::communes(&mut tx, &desk.department).await?;
    if !communes.is_loaded() {
        return Err(Failure::Refused(format!(
            "Les communes du département {} ne sont pas chargées\u{a0}: demandez à l’administration de Vigie \
             de lancer «\u{a0}vigie import territoires\u{a0}».",
            desk.department
        )));
    }
    let takes_social = social::queries::is_in_force(&mut tx, desk.clock.today()).await?;
    let (out, buffers) = mpsc::channel(BUFFERS);
    let done = Arc::new(AtomicU64::new(0));
    let total: u64 = deposit.files.iter().map(|file| file.size).sum();
    let intake = Intake {
        sink: Sink::new(out, import_id, communes),
        known_local: ask_later(desk, async |tx, department| {
            staging::known_local(tx, department).await
        }),
        known_companies: Some(ask_later(desk, async |tx, _| {
            staging::known_companies(tx).await
        })),
        known_sites: ask_later(desk, async |tx, _| staging::known_sites(tx).await),
        takes_social,
        files: deposit.files.clone(),
        department: desk.department.clone(),
        as_of: desk.clock.today(),
        done: Arc::clone(&done),
        limits,
    };
    let reading = tokio::task::spawn_blocking(move || intake.run());
    let watch = Watch {
        desk,
        import_id,
        done,
        total,
    };
    let stored = store(&mut tx, buffers, &watch).await;
    let read = reading.await;
    stored?;
    let (found, tally) = unwrap(read)?;
    let counts = judge(
        &mut tx,
        desk,
        import_id,
        deposit.source_date,
        &found,
        &tally,
    )
    .await?;
    keep_originals(&mut tx, import_id, deposit.files, limits).await?;
    let source = sources(&found.kinds);
    records::ready(
        &mut tx,
        import_id,
        &source,
        kind_code(&found.kinds),
        &found.files,
        &counts,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// What is known here, asked for from the reading thread and only if it needs it.
fn ask_later<T: Default>(
    desk: &Desk,
    ask: impl AsyncFnOnce(&mut PgConnection, &str) -> sqlx::Result<T> + Send + 'static,
) -> Box<dyn FnOnce() -> T + Send> {
    let (pool, department, handle) = (
        desk.pool.clone(),
        desk.department.clone(),
        Handle::current(),
    );
    Box::new(move || {
        let found = handle.block_on(async {
            let mut tx = pool.begin().await?;
            staging::prepare(&mut tx).await?;
            ask(&mut tx, &department).await
        });
        // Without them, units known only from before are left as they are: nothing is lost.
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, "known legal units could not be read");
            T::default()
        })
    })
}

fn unwrap(
    read: Result<Result<(Found, Tally), ReadFault>, JoinError>,
) -> Result<(Found, Tally), Failure> {
    match read {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(ReadFault::File(name, error))) => Err(Failure::File { name, error }),
        Ok(Err(ReadFault::Stopped)) | Err(_) => Err(Failure::Refused(
            "La lecture du fichier s’est arrêtée. Déposez-le à nouveau.".to_owned(),
        )),
    }
}

/// What the page that waits is told.
struct Watch<'a> {
    desk: &'a Desk,
    import_id: Uuid,
    done: Arc<AtomicU64>,
    total: u64,
}

impl Watch<'_> {
    async fn tell(&self) {
        let whole = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        // Headers are read twice, and a national file too: never more than all of it.
        let done = self.done.load(Ordering::Relaxed).min(self.total);
        let told = async {
            let mut conn = self.desk.pool.acquire().await?;
            staging::progress(&mut conn, self.import_id, whole(done), whole(self.total)).await
        };
        if let Err(error) = told.await {
            tracing::debug!(%error, "the progress of an analysis was not told");
        }
    }
}

async fn store(
    tx: &mut PgConnection,
    mut buffers: mpsc::Receiver<Batch>,
    watch: &Watch<'_>,
) -> Result<(), Failure> {
    let mut pace = tokio::time::interval(WORD_EVERY);
    pace.tick().await;
    loop {
        tokio::select! {
            buffer = buffers.recv() => match buffer {
                Some((target, rows)) => { staging::copy(tx, target, rows).await?; }
                None => return Ok(()),
            },
            _ = pace.tick() => watch.tell().await,
        }
    }
}

async fn judge(
    tx: &mut PgConnection,
    desk: &Desk,
    import_id: Uuid,
    source_date: chrono::NaiveDate,
    found: &Found,
    tally: &Tally,
) -> Result<Counts, Failure> {
    let mut counts = Counts {
        lines: found.files.iter().map(|file| file.lines).sum(),
        causes: tally.causes.clone(),
        warnings: tally.warnings.clone(),
        ..Counts::default()
    };
    let room = REJECTIONS_KEPT.saturating_sub(tally.kept);
    let mut case = Case {
        import_id,
        department: &desk.department,
        room: i64::try_from(room).unwrap_or(0),
    };
    let contradictions = repeats::judge(tx, case).await?;
    case.room -= contradictions.min(case.room);
    judge::elsewhere(tx, case).await?;
    lines::together(tx, import_id).await?;
    if found.national_units {
        judge::foreign_units(tx, case).await?;
    }
    let communes = judge::without_commune(tx, case).await?;
    case.room -= communes.min(case.room);
    lines::together(tx, import_id).await?;
    let orphans = judge::orphans(tx, case).await?;
    case.room -= orphans.min(case.room);
    let unplaced = judge::unplaced(tx, case).await?;
    facts::twice(tx, import_id).await?;
    facts::strangers(tx, import_id).await?;
    judge::compare(tx, import_id).await?;
    facts::compare(tx, import_id).await?;
    judge::count(tx, import_id, &mut counts).await?;
    for (cause, rows) in lines::hush(tx, import_id).await? {
        if let Some(told) = counts.warnings.get_mut(&cause) {
            *told = (*told - rows).max(0);
        }
    }
    counts.warnings.retain(|_, told| *told > 0);
    counts.older = judge::older(tx, import_id, source_date).await?;
    add_cause(&mut counts, Fault::Contradiction.key(), contradictions);
    add_cause(&mut counts, Fault::Commune.key(), communes);
    add_cause(&mut counts, Fault::NoUnit.key(), orphans);
    add_cause(&mut counts, Fault::NoEstablishment.key(), unplaced);
    let (rejected, ignored, twice) = lines::lost(tx, import_id).await?;
    counts.rejected = tally.rejected + rejected;
    counts.unread = tally.rejected;
    counts.outside = found.outside + ignored;
    counts.twice = twice;
    Ok(counts)
}

/// Keeps the rejected lines as they stand in the files, which go away with the analysis.
async fn keep_originals(
    tx: &mut PgConnection,
    import_id: Uuid,
    files: Vec<SourceFile>,
    limits: Limits,
) -> Result<(), Failure> {
    for (rank, file) in files.into_iter().enumerate() {
        let rank = i16::try_from(rank).unwrap_or(i16::MAX);
        let wanted = originals::wanted(tx, import_id, rank).await?;
        if wanted.is_empty() {
            continue;
        }
        let name = file.name.clone();
        let reading = tokio::task::spawn_blocking(move || file.originals(limits, &wanted));
        let lines = match reading.await {
            Ok(read) => read.map_err(|error| Failure::File { name, error })?,
            Err(stopped) => return Err(Failure::Refused(stopped.to_string())),
        };
        originals::keep(tx, import_id, rank, &lines).await?;
    }
    Ok(())
}

fn sources(kinds: &[FileKind]) -> String {
    let mut sources: Vec<&str> = Vec::new();
    for source in kinds.iter().map(|kind| source_of(*kind)) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources.join(", ")
}

fn kind_code(kinds: &[FileKind]) -> &'static str {
    let code = |kind: &FileKind| match kind {
        FileKind::SireneLegalUnits | FileKind::SireneEstablishments => "sirene",
        FileKind::RechercheEntreprises => "recherche_entreprises",
        FileKind::Headcounts | FileKind::HeadcountsBySiren => "headcounts",
        FileKind::Companies => "companies",
        FileKind::Notices => "notices",
        FileKind::PublicRatios => "ratios",
        FileKind::AnnualAccounts => "accounts",
        FileKind::SocialDebts | FileKind::SocialContributions | FileKind::SocialDelays => "social",
    };
    match kinds.split_first() {
        Some((first, rest)) if rest.iter().all(|kind| code(kind) == code(first)) => code(first),
        _ => "mixed",
    }
}
