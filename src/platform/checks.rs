//! What `doctor` looks at: one line for each finding, with what to mend.

use std::path::Path;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::bucket::Bucket;
use super::clock::Clock;
use super::mail::Mailer;
use super::pdf::{self, Printer};
use super::shutdown::Shutdown;

/// Oldest PostgreSQL that is tested, as `server_version_num` writes it.
const OLDEST_VERSION: i32 = 150_000;
/// Difference of clocks, in seconds, that is worth a word; sessions and jobs tolerate it.
const CLOCK_WORD: f64 = 5.0;
/// Free space, in bytes, under which an import may fail.
const FREE_SPACE: u64 = 2_000_000_000;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Good,
    /// Works, but look at it.
    Attention,
    /// Must be mended.
    Wrong,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What was looked at and seen.
    pub seen: String,
    /// What to do, when something is to be done.
    pub mend: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn good(seen: impl Into<String>) -> Self {
        Self {
            level: Level::Good,
            seen: seen.into(),
            mend: None,
        }
    }

    /// Something to look at.
    pub fn attention(seen: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            level: Level::Attention,
            seen: seen.into(),
            mend: Some(mend.into()),
        }
    }

    /// Something to mend.
    pub fn wrong(seen: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            level: Level::Wrong,
            seen: seen.into(),
            mend: Some(mend.into()),
        }
    }
}

/// Looks at the server, its version, the schema, the rights and the clock.
pub async fn database(options: &PgConnectOptions, clock: &Clock) -> Vec<Finding> {
    let mut conn = match options.connect().await {
        Ok(conn) => conn,
        Err(error) => {
            let mend = "start PostgreSQL, or correct DATABASE_URL";
            return vec![Finding::wrong(
                format!("the database does not answer: {error}"),
                mend,
            )];
        }
    };
    let mut findings = Vec::new();
    for looked in [
        version(&mut conn).await,
        encoding(&mut conn).await,
        rights(&mut conn).await,
        migrations(&mut conn).await,
        clocks(&mut conn, clock).await,
    ] {
        findings.push(looked.unwrap_or_else(|error| {
            Finding::wrong(
                format!("a check of the database failed: {error}"),
                "see PostgreSQL's log",
            )
        }));
    }
    // The findings are there already; how the session ends adds nothing.
    let _ = conn.close().await;
    findings
}

async fn version(conn: &mut PgConnection) -> sqlx::Result<Finding> {
    let row = sqlx::query!(
        r#"SELECT current_setting('server_version') AS "name!",
                  current_setting('server_version_num')::int AS "number!""#
    )
    .fetch_one(conn)
    .await?;
    let seen = format!("PostgreSQL {}", row.name);
    Ok(if row.number < OLDEST_VERSION {
        Finding::wrong(seen, "upgrade PostgreSQL to version 15 or later")
    } else {
        Finding::good(seen)
    })
}

async fn encoding(conn: &mut PgConnection) -> sqlx::Result<Finding> {
    let encoding = sqlx::query_scalar!(
        r#"SELECT pg_encoding_to_char(encoding)::text AS "encoding!"
           FROM pg_database WHERE datname = current_database()"#
    )
    .fetch_one(conn)
    .await?;
    Ok(if encoding == "UTF8" {
        Finding::good("the database's encoding is UTF8")
    } else {
        let mend = "create the database again with ENCODING 'UTF8' TEMPLATE template0";
        Finding::wrong(format!("the database's encoding is {encoding}"), mend)
    })
}

async fn rights(conn: &mut PgConnection) -> sqlx::Result<Finding> {
    let row = sqlx::query!(
        r#"SELECT current_user::text AS "user!",
             has_schema_privilege('public', 'CREATE')
               AND has_database_privilege(current_database(), 'CREATE') AS "may_migrate!",
             coalesce((SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles
                       WHERE rolname = 'vigie_app'), false) AS "lowers!""#
    )
    .fetch_one(conn)
    .await?;
    let user = row.user;
    Ok(match (row.may_migrate, row.lowers) {
        (true, true) => Finding::good(format!("{user} may migrate, and pages work as vigie_app")),
        (false, _) => Finding::wrong(
            format!("{user} may not create tables"),
            format!("ALTER DATABASE … OWNER TO {user}, or GRANT CREATE ON SCHEMA public TO {user}"),
        ),
        (true, false) => Finding::wrong(
            format!("{user} cannot become vigie_app: pages would work with every right"),
            format!("run `vigie migrate`, or GRANT vigie_app TO {user}"),
        ),
    })
}

async fn migrations(conn: &mut PgConnection) -> sqlx::Result<Finding> {
    let known =
        sqlx::query_scalar!(r#"SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS "known!""#)
            .fetch_one(&mut *conn)
            .await?;
    // The library's own table, made at the first migration: no checked query knows it.
    let applied: Vec<i64> = if known {
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
            .fetch_all(conn)
            .await?
    } else {
        Vec::new()
    };
    let pending = crate::MIGRATOR
        .iter()
        .filter(|m| !applied.contains(&m.version))
        .count();
    let newer = applied
        .iter()
        .filter(|version| !crate::MIGRATOR.version_exists(**version))
        .count();
    Ok(match (pending, newer) {
        (0, 0) => Finding::good("the schema is up to date"),
        (_, 0) => Finding::wrong(
            format!("{pending} migrations are pending"),
            "run `vigie migrate`",
        ),
        _ => Finding::wrong(
            format!("the schema has {newer} migrations that this program does not know"),
            "use the newer program that made them",
        ),
    })
}

async fn clocks(conn: &mut PgConnection, clock: &Clock) -> sqlx::Result<Finding> {
    let here = clock.now();
    let apart = sqlx::query_scalar!(
        r#"SELECT abs(extract(epoch FROM clock_timestamp() - $1))::float8 AS "apart!""#,
        here
    )
    .fetch_one(conn)
    .await?;
    let seen = format!("this machine's clock and the database's are {apart:.1} s apart");
    Ok(if apart > CLOCK_WORD {
        Finding::attention(
            seen,
            "synchronise both machines (chrony, systemd-timesyncd)",
        )
    } else {
        Finding::good(seen)
    })
}

/// Looks at the free space of the data folder.
pub fn disk(folder: &Path) -> Finding {
    match rustix::fs::statvfs(folder) {
        Ok(space) => {
            let free = space.f_bavail.saturating_mul(space.f_frsize);
            let seen = format!("{:.1} GB free in {}", in_gigabytes(free), folder.display());
            if free < FREE_SPACE {
                Finding::attention(seen, "make room: an import needs at least 2 GB")
            } else {
                Finding::good(seen)
            }
        }
        Err(error) => Finding::wrong(
            format!(
                "the data folder {} cannot be read: {error}",
                folder.display()
            ),
            "set VIGIE_DATA_DIR to a folder of this account",
        ),
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn in_gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

/// Looks at the mail server.
pub async fn mail(mailer: &Mailer) -> Finding {
    if !mailer.is_enabled() {
        let mend = "set VIGIE_SMTP_URL and VIGIE_MAIL_FROM to send invitations and reset links";
        return Finding::attention("no mail server: links are shown to the administrator", mend);
    }
    match mailer.check().await {
        Ok(()) => Finding::good("the mail server answers"),
        Err(error) => Finding::wrong(error.to_string(), "correct VIGIE_SMTP_URL"),
    }
}

/// Writes, reads and deletes an object where new documents are kept.
pub async fn bucket(bucket: &Bucket) -> Finding {
    match bucket.check().await {
        Ok(()) => Finding::good(format!("documents are kept in {bucket}")),
        Err((what, error)) => {
            let seen = format!("documents in {bucket}: {what} failed: {error}");
            Finding::wrong(seen, error.mend())
        }
    }
}

/// Prints a line as PDF.
pub async fn pdf(printer: &Printer) -> Finding {
    let page =
        "<!DOCTYPE html><html lang=\"fr\"><head><title>Essai</title></head><body>Été</body></html>";
    let program = printer.program().map(|path| path.display().to_string());
    match printer.print(page, &Shutdown::new()).await {
        Ok(_) => Finding::good(format!("PDF are made with {}", program.unwrap_or_default())),
        Err(pdf::Error::Missing) => Finding::attention(
            "no PDF: pages are printed by the visitor's browser",
            "install chromium-headless-shell, or set VIGIE_PDF_PROGRAM to a Chromium",
        ),
        Err(error) => Finding::wrong(
            format!("no PDF: {error}"),
            "set VIGIE_PDF_PROGRAM to a Chromium that runs here, or remove it",
        ),
    }
}
