//! The demonstration: invented people and companies on the Tarn's real territories.
//!
//! Owns no table: companies arrive as files through the imports, key companies through the acts on
//! places, partners, contacts, facts, signals and groups as people state them. Loaded once; harmless
//! when there.

mod cast;
mod finances;
mod followed;
mod met;
mod notices;
mod partners;
mod plans;
mod portfolio;
mod queries;
mod relations;
mod supply;
mod trades;
mod voices;
mod workshops;

use std::path::{Path, PathBuf};

use cast::Cast;
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;

use crate::auth::audit::{self, Acting, Origin};
use crate::domain::Role;
use crate::domain::text::hex;
use crate::features::accounts::provision::{self, DemoAccount};
use crate::features::alerts;
use crate::features::imports::intake::SourceFile;
use crate::features::imports::{Deposit, Desk, analysis, run};
use crate::formats::Limits;
use crate::platform::clock::Clock;
use crate::platform::db;

/// Territories given to the demonstration's adviser: one big, two rural.
const ADVISER_TERRITORIES: [&str; 3] = ["248100430", "200034056", "200066561"];

/// Why the demonstration was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database.
    #[error("the database refused: {0}")]
    Database(#[from] sqlx::Error),
    /// The files of the portfolio could not be written or read.
    #[error("the portfolio's files: {0}")]
    Files(#[from] std::io::Error),
    /// The import refused the portfolio.
    #[error("the import of the portfolio: {0}")]
    Import(#[from] crate::features::imports::Failure),
    /// A place refused its company.
    #[error("a place of the portfolio: {0}")]
    Place(#[from] crate::features::key_companies::places::Refusal),
    /// The département has no territory.
    #[error("no territory is loaded for département {0}: run `vigie import territoires` first")]
    NoTerritory(String),
}

/// Loads what is not there yet; gives the accounts that were made, with their passwords.
pub async fn load(
    pool: &PgPool,
    clock: &Clock,
    department: &str,
) -> Result<Vec<DemoAccount>, Failure> {
    let accounts = people(pool, clock).await?;
    let mut conn = pool.acquire().await?;
    if queries::has_key_companies(&mut conn).await? {
        return Ok(accounts);
    }
    let places = queries::places(&mut conn, department).await?;
    if places.is_empty() {
        return Err(Failure::NoTerritory(department.to_owned()));
    }
    let staff = queries::staff_member(&mut conn).await?;
    drop(conn);
    let portfolio = portfolio::invent(&places, clock.today());
    let acting = Acting {
        id: Some(staff.id),
        name: staff.full_name.clone(),
        origin: Origin::System,
        request_id: None,
    };
    let desk = Desk {
        pool: pool.clone(),
        clock: clock.clone(),
        department: department.to_owned(),
        acting: acting.clone(),
    };
    import(&desk, &portfolio).await?;
    import_finances(&desk, &portfolio).await?;
    let mut tx = db::begin(pool).await?;
    audit::sign(&mut tx, &acting).await?;
    partners::invent(&mut tx, clock).await?;
    let cast = Cast::new(&portfolio.sites);
    followed::follow(&mut tx, &staff, &cast, clock).await?;
    voices::speak(&mut tx, &staff, &cast, clock).await?;
    tx.commit().await?;
    let mut conn = pool.acquire().await?;
    alerts::run::catch_up(&mut conn, clock.today(), clock.now()).await?;
    drop(conn);
    let mut tx = db::begin(pool).await?;
    audit::sign(&mut tx, &acting).await?;
    workshops::hold(&mut tx, &staff, &cast, clock).await?;
    plans::draw_up(&mut tx, &staff, &cast, clock).await?;
    relations::introduce(&mut tx, &staff, &cast, clock).await?;
    supply::link(&mut tx, &staff, &cast, clock).await?;
    tx.commit().await?;
    Ok(accounts)
}

/// One account for each role.
async fn people(pool: &PgPool, clock: &Clock) -> Result<Vec<DemoAccount>, Failure> {
    let mut tx = db::begin(pool).await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let given = queries::known_territories(&mut tx, &ADVISER_TERRITORIES).await?;
    let accounts = provision::demo_users(&mut tx, &given, clock.now()).await?;
    tx.commit().await?;
    Ok(accounts)
}

/// The account's line on the console: role, address, password.
pub fn line(account: &DemoAccount) -> String {
    let words = match account.role {
        Role::Admin => "application manager",
        Role::Staff => "Direction du Développement",
        Role::Adviser => "adviser of a chamber, three territories",
        Role::Elected => "elected official, counts only",
    };
    format!(
        "  {:<8} {:<32} {}   ({words})",
        account.role.code(),
        account.email,
        account.password
    )
}

/// Sends the portfolio down the road of real files.
async fn import(desk: &Desk, portfolio: &portfolio::Portfolio) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let deposit = Deposit {
        files: vec![
            folder.write("StockUniteLegale.csv", &portfolio.legal_units)?,
            folder.write("StockEtablissement.csv", &portfolio.establishments)?,
            folder.write("effectifs.csv", &portfolio.headcounts)?,
        ],
        source_date: desk.clock.today(),
        label: "Portefeuille de démonstration (entreprises inventées)".to_owned(),
        source: "Démonstration".to_owned(),
    };
    let id = desk.record_alone(&deposit).await?;
    analysis::analyse(desk, id, deposit, Limits::default()).await?;
    run::confirm(desk, id).await?;
    Ok(())
}

/// The same for accounts and notices.
async fn import_finances(desk: &Desk, portfolio: &portfolio::Portfolio) -> Result<(), Failure> {
    let today = desk.clock.today();
    let cast = Cast::new(&portfolio.sites);
    let folder = Folder::new()?;
    let deposit = Deposit {
        files: vec![
            folder.write("bilans.json", &finances::accounts(&cast, today))?,
            folder.write("bodacc.json", &notices::notices(&cast, today))?,
        ],
        source_date: today,
        label: "Comptes et annonces de démonstration (inventés)".to_owned(),
        source: "Démonstration".to_owned(),
    };
    let id = desk.record_alone(&deposit).await?;
    analysis::analyse(desk, id, deposit, Limits::default()).await?;
    run::confirm(desk, id).await?;
    Ok(())
}

/// A folder of temporary files, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("vigie-demo-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }

    fn write(&self, name: &str, text: &str) -> std::io::Result<SourceFile> {
        let path: &Path = &self.0;
        let path = path.join(name);
        std::fs::write(&path, text)?;
        Ok(SourceFile {
            name: name.to_owned(),
            path,
            digest: hex(&Sha256::digest(text.as_bytes())),
            size: text.len() as u64,
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
