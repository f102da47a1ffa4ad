//! An isolated database for each test, cloned from a template that is migrated once.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool};
use tokio::sync::OnceCell;
use vigie::auth::audit::Acting;
use vigie::features::territories::reference;
use vigie::platform::db;

use super::cluster;

/// Key of the advisory lock of those who make the template ("tests" in ASCII).
const TEMPLATE_LOCK: i64 = 0x0074_6573_7473;
/// A database of an earlier run that nobody uses any more is dropped after this many seconds.
const ORPHAN_SECONDS: u64 = 3_600;

/// A database of one's own, dropped at the end of the test.
#[derive(Debug)]
pub struct TestDb {
    /// Connections as the program makes them: same limits, same rights.
    pub pool: PgPool,
    options: PgConnectOptions,
    name: String,
}

impl TestDb {
    /// A fresh database with the current schema and the reference data.
    pub async fn new() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(prepare_template).await;
        Self::from(&format!("TEMPLATE {template}")).await
    }

    /// A database without any schema, for tests of migrations.
    pub async fn empty() -> Self {
        Self::from("TEMPLATE template0").await
    }

    async fn from(source: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("vigie_test_{}_{}_{number}", now(), std::process::id());
        run(
            &mut admin().await,
            format!("CREATE DATABASE {name} {source}"),
        )
        .await;
        let options = maintenance().await.clone().database(&name);
        Self {
            pool: db::pool(options.clone()),
            options,
            name,
        }
    }

    /// How to connect as the owner, with every right (migrations, tampering).
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// A connection as the owner, without the limits of the pages.
    pub async fn owner(&self) -> PgConnection {
        self.options
            .connect()
            .await
            .expect("a connection as the owner")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A thread with its own runtime: a test's runtime may be on its way out.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(async {
                run(&mut admin().await, statement).await;
            });
        });
        let dropped = dropped.join().is_ok();
        assert!(
            dropped || std::thread::panicking(),
            "{} was not dropped",
            self.name
        );
    }
}

async fn maintenance() -> &'static PgConnectOptions {
    tokio::task::spawn_blocking(cluster::maintenance)
        .await
        .expect("the tests' server")
}

async fn admin() -> PgConnection {
    maintenance()
        .await
        .connect()
        .await
        .expect("a connection to the tests' server")
}

/// Names and statements here are made of constants and numbers only.
async fn run(conn: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(conn)
        .await
        .expect("an administrative statement");
}

async fn exists(conn: &mut PgConnection, name: &str) -> bool {
    let found = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(name);
    found
        .fetch_optional(conn)
        .await
        .expect("the list of databases")
        .is_some()
}

/// The template's name holds the checksum of the migrations and of the reference, so an edited schema
/// gets a new one.
async fn prepare_template() -> String {
    let mut digest = Sha256::new();
    vigie::MIGRATOR
        .iter()
        .for_each(|migration| digest.update(&migration.checksum));
    for file in reference::EMBEDDED {
        digest.update(file);
    }
    let number = digest
        .finalize()
        .iter()
        .take(8)
        .fold(0, |n: u64, byte| n << 8 | u64::from(*byte));
    let name = format!("vigie_template_{number:016x}");
    let mut conn = admin().await;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut conn)
        .await
        .expect("the template's lock");
    if !exists(&mut conn, &name).await {
        make_template(&mut conn, &name).await;
    }
    drop_orphans(&mut conn).await;
    conn.close().await.expect("a clean end");
    name
}

/// Made under another name and renamed at the end: what bears the name is complete.
async fn make_template(conn: &mut PgConnection, name: &str) {
    let draft = format!("{name}_draft");
    run(
        conn,
        format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"),
    )
    .await;
    run(conn, format!("CREATE DATABASE {draft} TEMPLATE template0")).await;
    let options = maintenance().await.clone().database(&draft);
    db::migrate(&options).await.expect("the migrations apply");
    let mut owner = options.connect().await.expect("the draft of the template");
    reference::load(&mut owner, &Acting::system(), reference::DEPARTMENT)
        .await
        .expect("the reference loads");
    owner.close().await.expect("a clean end");
    run(conn, format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
}

/// On a server of someone's own, a killed run leaves databases.
async fn drop_orphans(conn: &mut PgConnection) {
    let unused: Vec<String> = sqlx::query_scalar(
        "SELECT datname FROM pg_database d WHERE datname ~ '^vigie_test_[0-9]+_[0-9]+_[0-9]+$'
         AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)",
    )
    .fetch_all(&mut *conn)
    .await
    .expect("the list of databases");
    for name in unused {
        let made: u64 = name
            .split('_')
            .nth(2)
            .and_then(|at| at.parse().ok())
            .unwrap_or(0);
        if now().saturating_sub(made) > ORPHAN_SECONDS {
            run(conn, format!("DROP DATABASE IF EXISTS {name}")).await;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the age of what earlier runs left behind"
)]
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs()
}
