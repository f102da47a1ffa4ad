//! `cargo bench --bench pages`: what pages cost over 100,000 companies, as ratios to a static page of
//! the same server, and how fast the program starts. Printed, never asserted: a shared machine's
//! clock proves nothing.
//!
//! The release program serves a throw-away PostgreSQL; clients share its machine. The throw-away
//! server does not wait for the disk, which pages that only read do not notice.
//! `VIGIE_BENCH_COMPANIES` changes the number of companies, `VIGIE_BENCH_DEPARTMENTS` that of the
//! départements over which they lie (invented copies of the first), `VIGIE_BENCH_SECONDS` the longest time of
//! each measure, and `VIGIE_BENCH_KEEP=1` waits for Ctrl-C at the end, with the database still up.

mod support {
    pub mod client;
    pub mod companies;
    pub mod load;
    pub mod measure;
    pub mod peers;
    pub mod process;
    pub mod program;
}

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, header};
use clap::Parser as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgPool};
use tower::ServiceExt as _;
use uuid::Uuid;
use vigie::app::{self, NAV};
use vigie::auth::audit::Acting;
use vigie::auth::sessions;
use vigie::features::territories::reference;
use vigie::platform::clock::Clock;
use vigie::platform::config::Settings;
use vigie::platform::embedded_postgres::{Cluster, DATABASE, Options, SUPERUSER};
use vigie::platform::mail::Mailer;
use vigie::platform::memo::Memo;
use vigie::platform::pdf::Printer;
use vigie::platform::shutdown::Shutdown;
use vigie::platform::telemetry::{self, SqlCount};
use vigie::platform::{db, limits};
use vigie::web::AppState;

use support::client;
use support::load;
use support::measure::{Bounds, Measure, measure};
use support::peers;
use support::process::{family, memory_kb, processor_ms};
use support::program::{self, Program};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The page that all others are compared to: a template and every layer, without session nor SQL.
const STATIC: &str = "/mentions-legales";
/// Starts of the program, of which the median is told.
const STARTS: usize = 5;
/// Clients of the loaded measure.
const CLIENTS: usize = 8;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let outcome = runtime.block_on(async {
        let _ = telemetry::init_counter_only();
        tokio::select! {
            done = run() => done,
            // What runs is dropped, so stopped.
            _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("pages: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let folder = Folder::new()?;
    let site = Site::open(&folder.0).await?;
    site.print_pages(&folder.0).await?;
    site.keep_if_asked().await;
    site.cluster.stop()?;
    print_starts(&folder.0.join("start")).await
}

/// A loaded database.
struct Site {
    cluster: Cluster,
    options: PgConnectOptions,
    pool: PgPool,
    /// Cookies of a member of the staff, and of an adviser who sees one territory.
    staff: String,
    adviser: String,
}

impl Site {
    async fn open(folder: &Path) -> Result<Self, Failure> {
        let start = Instant::now();
        let options = Options {
            data_dir: folder.to_owned(),
            pg_bin: None,
            settings: vec![("shared_buffers", "256MB")],
            throw_away: true,
        };
        let cluster = tokio::task::spawn_blocking(move || Cluster::start(&options)).await??;
        let mut conn = cluster.connect_options("postgres").connect().await?;
        sqlx::query("create database vigie")
            .execute(&mut conn)
            .await?;
        let options = cluster.connect_options(DATABASE);
        db::migrate(&options).await?;
        let mut owner = options.connect().await?;
        reference::load(&mut owner, &Acting::system(), reference::DEPARTMENT).await?;
        let size = load::Size {
            departments: setting("VIGIE_BENCH_DEPARTMENTS", 1),
            companies: setting("VIGIE_BENCH_COMPANIES", 100_000),
        };
        let counts = load::fill(&mut owner, size, Clock::system().now()).await?;
        let words: Vec<String> = counts
            .iter()
            .map(|(table, rows)| format!("{rows} {table}"))
            .collect();
        println!(
            "loaded in {:.1} s: {}\n",
            start.elapsed().as_secs_f64(),
            words.join(", ")
        );
        let pool = db::pool(options.clone());
        Ok(Self {
            staff: cookie_of(&pool, "staff").await?,
            adviser: cookie_of(&pool, "adviser").await?,
            cluster,
            options,
            pool,
        })
    }

    async fn pages(&self) -> sqlx::Result<Vec<Target>> {
        let territory: String = self
            .scalar("select territory_siren from key_companies group by 1 order by 1 limit 1")
            .await?;
        let town: String = self
            .scalar(
                "select insee_code from establishments group by 1 order by count(*) desc limit 1",
            )
            .await?;
        let large: String = self
            .scalar("select siren from key_companies order by siren limit 1")
            .await?;
        let staff = |name, path: &str| Target {
            name,
            path: path.to_owned(),
            cookie: Some(self.staff.clone()),
        };
        let adviser = |name, path: &str| Target {
            cookie: Some(self.adviser.clone()),
            ..staff(name, path)
        };
        let public = |name, path: &str| Target {
            cookie: None,
            ..staff(name, path)
        };
        let list = |query: &str| format!("/entreprises?par_page=100{query}");
        Ok(vec![
            public("static page", STATIC),
            public("style sheet (file)", "/static/app.css"),
            public("sign-in page", "/connexion"),
            staff("static page, signed in", STATIC),
            staff("list, first page", &list("")),
            staff("list, page 50", &list("&page=50")),
            staff(
                "list, one territory",
                &list(&format!("&territoire={territory}")),
            ),
            staff("list, one commune", &list(&format!("&commune={town}"))),
            staff("list, by headcount", &list("&tri=effectif")),
            staff("list, key companies", &list("&cle=oui")),
            staff("list, search of a word", &list("&q=m%C3%A9gisserie")),
            staff("list, word with a typo", &list("&q=megiserie")),
            staff("list, search of two words", &list("&q=usinage+sidobre")),
            staff("list, word found nowhere", &list("&q=zythologie")),
            adviser("list, adviser's scope", &list("")),
            adviser("list, adviser's search", &list("&q=m%C3%A9gisserie")),
            staff("company page (key)", &format!("/entreprises/{large}")),
            adviser(
                "company page, adviser",
                &format!("/entreprises/{}", self.adviser_company().await?),
            ),
            staff("home page", "/"),
            staff("indicators", "/indicateurs"),
            staff("report of the indicators", "/indicateurs/rapport"),
            staff("actions of plans", "/actions"),
            staff("search of everything", "/recherche?q=m%C3%A9gisserie"),
            staff("territories page", "/territoires"),
            staff("territory page", &format!("/territoires/{territory}")),
            staff(
                "candidates of a territory",
                &format!("/territoires/{territory}/vivier"),
            ),
        ])
    }

    async fn scalar(&self, statement: &'static str) -> sqlx::Result<String> {
        sqlx::query_scalar(statement).fetch_one(&self.pool).await
    }

    async fn adviser_company(&self) -> sqlx::Result<String> {
        self.scalar(
            "select e.siren from users u join user_territories t on t.user_id = u.id
             join current_memberships m on m.territory_siren = t.territory_siren
             join establishments e on e.insee_code = m.insee_code
             where u.role = 'adviser' order by u.email, e.siren limit 1",
        )
        .await
    }

    async fn print_pages(&self, folder: &Path) -> Result<(), Failure> {
        let log = folder.join("log");
        std::fs::create_dir_all(&log)?;
        let program = Program::start(&log, Some(&self.url())).await?;
        let state = self.state()?;
        println!("{}", Row::HEADER);
        let mut base = None;
        for target in self.pages().await? {
            let sql = statements(&state, &target).await?;
            match self.row(&program, &target, sql).await {
                Ok(row) => {
                    row.print(*base.get_or_insert(row.loaded.rate));
                }
                Err(failure) => {
                    println!("{:<28} {failure}", target.name);
                    print_errors(&log.join("vigie.log"));
                }
            }
        }
        peers::print();
        for name in ["Rss", "Pss"] {
            let kilobytes = memory_kb(program.pid(), name).unwrap_or(0);
            println!(
                "{name} of the program after the load: {:.1} MB",
                mega(kilobytes * 1000)
            );
        }
        program.stop().await?;
        Ok(())
    }

    async fn row(&self, program: &Program, target: &Target, sql: u32) -> Result<Row, Failure> {
        let request = client::request(&program.host(), &target.path, target.cookie.as_deref());
        let bounds = Bounds {
            requests: 2_000,
            time: Duration::from_secs(setting("VIGIE_BENCH_SECONDS", 5)),
        };
        let alone = measure(program.address, request.clone(), 1, bounds).await?;
        let server = self.cluster.pid().map(family).unwrap_or_default();
        let before = (processor_ms(&[program.pid()]), processor_ms(&server));
        let loaded = measure(program.address, request, CLIENTS, bounds).await?;
        let after = (processor_ms(&[program.pid()]), processor_ms(&server));
        // The warm-up is in the processor's time too.
        let asked = f64::from(u32::try_from(loaded.count + support::measure::WARM_UP)?);
        Ok(Row {
            name: target.name,
            sql,
            alone,
            program_ms: (after.0 - before.0) / asked,
            database_ms: (after.1 - before.1) / asked,
            loaded,
        })
    }

    fn state(&self) -> Result<AppState, Failure> {
        let settings = NoArguments::parse_from(["vigie"]).settings;
        let config = settings
            .resolve(Some("/nonexistent".into()))
            .map_err(|faults| faults.to_string())?;
        Ok(AppState {
            pool: self.pool.clone(),
            clock: Clock::system(),
            config: Arc::new(config),
            mailer: Mailer::memory(),
            memo: Memo::default(),
            pdf: Printer::none(),
            bucket: None,
            shutdown: Shutdown::new(),
            nav: NAV,
        })
    }

    /// `to_url_lossy` of sqlx 0.9.0 fails on the folder of a socket.
    fn url(&self) -> String {
        format!(
            "postgres:///{DATABASE}?host={}&user={SUPERUSER}",
            self.options.get_host()
        )
    }

    async fn keep_if_asked(&self) {
        if setting("VIGIE_BENCH_KEEP", 0) == 1 {
            println!("{} is up; Ctrl-C ends", self.url());
            std::future::pending::<()>().await;
        }
    }
}

#[derive(clap::Parser)]
struct NoArguments {
    #[command(flatten)]
    settings: Settings,
}

/// A page to measure.
struct Target {
    name: &'static str,
    path: String,
    cookie: Option<String>,
}

/// SQL statements behind the page: asked of the router itself, because a client does not see them.
async fn statements(state: &AppState, target: &Target) -> Result<u32, Failure> {
    let mut request = Request::get(&target.path).header(header::HOST, "localhost:8080");
    if let Some(cookie) = &target.cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let response = app::router(state.clone())
        .oneshot(request.body(Body::empty())?)
        .await?;
    Ok(response
        .extensions()
        .get::<SqlCount>()
        .map_or(0, |count| count.0))
}

async fn cookie_of(pool: &PgPool, role: &str) -> sqlx::Result<String> {
    let mut conn = pool.acquire().await?;
    let user: Uuid =
        sqlx::query_scalar("select id from users where role = $1 order by email limit 1")
            .bind(role)
            .fetch_one(&mut *conn)
            .await?;
    let now = Clock::system().now();
    let token = sessions::open(&mut conn, user, "Banc", "192.0.2.1", now).await?;
    Ok(format!("vigie={}", token.as_str()))
}

/// What the program said of the answers that it could not give.
fn print_errors(log: &Path) {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    if let Some(line) = text.lines().rfind(|line| line.contains("\"ERROR\"")) {
        println!("  {line}");
    }
}

/// One line of the table.
struct Row {
    name: &'static str,
    sql: u32,
    alone: Measure,
    loaded: Measure,
    program_ms: f64,
    database_ms: f64,
}

impl Row {
    const HEADER: &str = "page                          SQL     kB |  1 client: p50   p99 ms  req/s | \
        8 clients: p50   p99 ms  req/s   ratio | CPU ms: vigie   sql";

    fn print(&self, base: f64) {
        println!(
            "{:<28} {:>4} {:>6.1} | {:>14.2} {:>8.2} {:>6.0} | {:>14.2} {:>8.2} {:>6.0} {:>7.3} | {:>13.2} {:>5.2}",
            self.name,
            self.sql,
            f64::from(u32::try_from(self.alone.answer.length).unwrap_or(u32::MAX)) / 1000.0,
            self.alone.quantile_ms(0.5),
            self.alone.quantile_ms(0.99),
            self.alone.rate,
            self.loaded.quantile_ms(0.5),
            self.loaded.quantile_ms(0.99),
            self.loaded.rate,
            self.loaded.rate / base,
            self.program_ms,
            self.database_ms,
        );
    }
}

/// From the start of the process to the first page, with a private database already made.
async fn print_starts(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let first = Program::start(folder, None).await?;
    let created = first.first_page;
    first.stop().await?;
    let (mut starts, mut stops) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let program = Program::start(folder, None).await?;
        starts.push(program.first_page);
        stops.push(program.stop().await?);
    }
    starts.sort_unstable();
    stops.sort_unstable();
    println!(
        "\nfirst start, database created: {:.2} s",
        created.as_secs_f64()
    );
    println!(
        "start to first page, median of {STARTS}: {:.3} s (from {:.3} to {:.3}); stop: {:.3} s",
        starts[STARTS / 2].as_secs_f64(),
        starts[0].as_secs_f64(),
        starts[STARTS - 1].as_secs_f64(),
        stops[STARTS / 2].as_secs_f64(),
    );
    let size = std::fs::metadata(program::PATH)?.len();
    println!(
        "release program: {:.1} MB; pool of {} connections",
        mega(size),
        limits::POOL_SIZE
    );
    Ok(())
}

fn mega(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1000.0
}

fn setting<T: FromStr>(name: &str, default: T) -> T {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// A folder that goes away with the run.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("vigie-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
