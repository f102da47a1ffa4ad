//! PDF: what the page says, tagged, in French, on its pages; and what a hostile page cannot do.
//!
//! They need a Chromium and the tools of poppler; without them they say so and pass.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use vigie::domain::Role;
use vigie::platform::pdf::{Error, Printer};
use vigie::platform::shutdown::Shutdown;
use vigie::scoring::flags::RedFlag;

use crate::support::app::{Client, Page, TestApp};
use crate::support::folder::Folder;
use crate::support::portfolio::{ALBIGEOIS, Company, reference, run};

/// Other tests share the machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The program, unless this machine lacks it or the tools that read a PDF.
pub fn printer() -> Option<Printer> {
    let found = Printer::find(None);
    let has_tools = Command::new("pdfinfo").arg("-v").output().is_ok();
    if let Some(program) = found.program().filter(|_| has_tools) {
        Some(Printer::new(program.to_owned(), PATIENCE))
    } else {
        eprintln!("skipped: needs chromium-headless-shell and poppler-utils");
        None
    }
}

/// What the tools of poppler read in a PDF.
pub struct Read {
    /// What `pdfinfo` says.
    pub info: String,
    /// The words, with plain spaces between them.
    pub text: String,
}

impl Read {
    /// Reads a PDF.
    pub fn of(pdf: &[u8]) -> Self {
        let folder = Folder::new();
        let path = folder.path().join("lu.pdf");
        std::fs::write(&path, pdf).expect("a file");
        if let Some(kept) = std::env::var_os("VIGIE_KEEP_PDF") {
            let name = format!("{}.pdf", uuid::Uuid::now_v7());
            std::fs::copy(&path, PathBuf::from(kept).join(name)).expect("a copy");
        }
        let run = |program: &str, arguments: &[&str]| {
            let done = Command::new(program)
                .args(arguments)
                .arg(&path)
                .args((program == "pdftotext").then_some("-"))
                .output()
                .expect("a tool");
            String::from_utf8(done.stdout).expect("UTF-8")
        };
        let text = run("pdftotext", &["-layout"]);
        Self {
            info: run("pdfinfo", &[]),
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }

    /// One line of `pdfinfo`.
    pub fn fact(&self, name: &str) -> &str {
        let line = self.info.lines().find_map(|line| line.strip_prefix(name));
        line.map_or("", |rest| rest.trim_start_matches(':').trim())
    }

    /// Fails unless it says this.
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "« {words} » in: {}", self.text);
        self
    }
}

/// A program that never ends, with a child, and says who they are and in which folder.
fn endless(folder: &Folder) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let (program, said) = (folder.path().join("endless"), folder.path().join("pids"));
    std::fs::write(&said, "").expect("a file");
    std::fs::set_permissions(&said, std::fs::Permissions::from_mode(0o666)).expect("open to all");
    let said = said.display();
    let script = format!("#!/bin/sh\nsleep 600 &\necho $$ $! $PWD > {said}\nwait\n");
    std::fs::write(&program, script).expect("a script");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("runnable");
    program
}

fn started(folder: &Folder) -> Vec<String> {
    let said = std::fs::read_to_string(folder.path().join("pids")).unwrap_or_default();
    said.split_whitespace().map(str::to_owned).collect()
}

fn is_alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // A killed grandchild waits for the system's first process to take note of it.
    !stat.is_empty() && !stat.contains(") Z ")
}

/// Its processes have ended and its folder is gone.
fn is_over(started: &[String]) -> bool {
    let [pids @ .., folder] = started else {
        return false;
    };
    !pids.iter().any(|pid| is_alive(pid)) && !Path::new(folder).exists()
}

async fn until(what: impl Fn() -> bool) {
    let start = Instant::now();
    while !what() {
        assert!(start.elapsed() < Duration::from_secs(20), "too long");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_page_becomes_a_tagged_document_in_french_with_its_title() {
    let Some(printer) = printer() else { return };
    let page = "<!DOCTYPE html><html lang=\"fr\"><head><title>Fiche d’été</title>\
                <style>@page { size: A4 }</style></head><body><h1>Où ça ? À Albi, Noël</h1></body></html>";
    let pdf = printer.print(page, &Shutdown::new()).await.expect("a PDF");
    let read = Read::of(&pdf);
    assert_eq!(read.fact("Tagged"), "yes", "{}", read.info);
    assert_eq!(read.fact("Title"), "Fiche d’été");
    assert_eq!(read.fact("Pages"), "1");
    assert!(read.fact("Page size").contains("A4"), "{}", read.info);
    assert!(String::from_utf8_lossy(&pdf).contains("/Lang (fr)"));
    read.says("Où ça ? À Albi, Noël");
}

#[tokio::test]
async fn a_hostile_page_reads_no_file_reaches_no_address_and_runs_nothing() {
    let Some(printer) = printer() else { return };
    let folder = Folder::new();
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "SECRET-DU-DISQUE").expect("a file");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let server = tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let file = secret.display();
    let page = format!(
        "<!DOCTYPE html><html lang=\"fr\"><head><title>x</title>\
         <link rel=\"stylesheet\" href=\"http://{address}/a.css\">\
         <style>@import url(http://{address}/b.css); body {{ background: url(http://{address}/c.png) }}</style></head>\
         <body><p>Témoin</p><script>document.body.append('SCRIPT-EXÉCUTÉ')</script>\
         <img src=\"http://{address}/d.png\" onerror=\"document.body.append('SCRIPT-EXÉCUTÉ')\">\
         <iframe src=\"file://{file}\"></iframe><object data=\"file://{file}\"></object>\
         <embed src=\"file://{file}\"><iframe src=\"http://{address}/e\"></iframe></body></html>"
    );
    let pdf = printer.print(&page, &Shutdown::new()).await.expect("a PDF");
    let read = Read::of(&pdf);
    read.says("Témoin");
    assert!(!read.text.contains("SECRET-DU-DISQUE"), "{}", read.text);
    assert!(!read.text.contains("SCRIPT-EXÉCUTÉ"), "{}", read.text);
    assert_eq!(
        asked.load(Ordering::SeqCst),
        0,
        "nothing was asked of the network"
    );
    server.abort();
}

#[tokio::test]
async fn a_program_that_does_not_end_is_killed_with_its_children_and_leaves_nothing() {
    let folder = Folder::new();
    let printer = Printer::new(endless(&folder), Duration::from_secs(2));
    let before = Instant::now();
    let failed = printer.print("<head></head>", &Shutdown::new()).await;
    assert!(matches!(failed, Err(Error::TooSlow)), "{failed:?}");
    assert!(before.elapsed() < Duration::from_secs(15));
    let started = started(&folder);
    assert_eq!(started.len(), 3, "it was started");
    until(|| is_over(&started)).await;
    assert!(
        !Path::new(&format!("/proc/{}", started[0])).exists(),
        "no zombie"
    );
}

#[tokio::test]
async fn the_end_of_the_program_does_not_wait_for_a_printing() {
    let folder = Folder::new();
    let printer = Printer::new(endless(&folder), PATIENCE);
    let shutdown = Shutdown::new();
    let printing = tokio::spawn({
        let (printer, shutdown) = (printer.clone(), shutdown.clone());
        async move { printer.print("<head></head>", &shutdown).await }
    });
    until(|| started(&folder).len() == 3).await;
    shutdown.ask(Duration::ZERO);
    let failed = printing.await.expect("no panic");
    assert!(matches!(failed, Err(Error::Stopping)), "{failed:?}");
    let started = started(&folder);
    until(|| is_over(&started)).await;
}

#[tokio::test]
async fn a_visitor_who_hangs_up_leaves_neither_process_nor_file() {
    let folder = Folder::new();
    let printer = Printer::new(endless(&folder), Duration::from_secs(3));
    let printing = tokio::spawn({
        let printer = printer.clone();
        async move { printer.print("<head></head>", &Shutdown::new()).await }
    });
    until(|| started(&folder).len() == 3).await;
    printing.abort();
    let started = started(&folder);
    until(|| is_over(&started)).await;
}

#[tokio::test]
async fn a_program_that_fails_is_told_with_its_words() {
    let folder = Folder::new();
    let program = folder.path().join("broken");
    std::fs::write(
        &program,
        "#!/bin/sh\necho 'cannot open display' >&2\nexit 3\n",
    )
    .expect("a script");
    let mut rights = std::fs::metadata(&program).expect("a file").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o755);
    std::fs::set_permissions(&program, rights).expect("runnable");
    let failed = Printer::new(program, PATIENCE)
        .print("<head></head>", &Shutdown::new())
        .await
        .expect_err("a failure")
        .to_string();
    assert!(
        failed.contains("exit status: 3. cannot open display"),
        "{failed}"
    );
    let missing = Printer::none().print("", &Shutdown::new()).await;
    assert!(matches!(missing, Err(Error::Missing)));
}

/// A company of which everything is known, at its longest.
async fn full_company(app: &TestApp) -> String {
    let pool = &app.db.pool;
    let long = "<script>alert(1)</script> <img src=http://127.0.0.1/x> file:///etc/passwd Établissements de mécanique générale";
    let siren = Company::new(1, long).add(pool).await;
    for year in 2020..2026 {
        let content = serde_json::json!({
            "siren": siren, "closed_on": format!("{year}-12-31"), "deposited_on": null, "kind": "complete",
            "confidentiality": if year == 2024 { "partial" } else { "public" }, "deleted": false, "months": 12,
            "previous_months": null,
            "lines": {"FL": {"n": 123_456_789, "previous": null}, "GG": {"n": -4_321_000, "previous": null},
                      "HN": {"n": -5_234_567, "previous": null}, "DL": {"n": -98_000, "previous": null},
                      "CF": {"n": 12_345, "previous": null}, "EE": {"n": 8_000_000, "previous": null},
                      "EC": {"n": 7_000_000, "previous": null}, "EG": {"n": 6_500_000, "previous": null}}
        });
        sqlx::query(
            "insert into facts (kind, key, siren, happened_on, content, source, source_date)
             values ('accounts', $1, $2, $3::date, $4, 'INPI, comptes annuels', '2026-03-03')",
        )
        .bind(format!("{siren}/{year}-12-31/C"))
        .bind(&siren)
        .bind(format!("{year}-12-31"))
        .bind(content)
        .execute(pool)
        .await
        .expect("accounts");
    }
    sqlx::query(
        "insert into contacts (id, siren, full_name, job_title, email, phone)
         select gen_random_uuid(), $1, 'Prénom-Composé de la Très Longue Famille ' || n,
                'Directrice générale déléguée aux opérations', 'prenom.nom' || n || '@entreprise.example', '+33563000000'
         from generate_series(1, 9) n",
    )
    .bind(&siren)
    .execute(pool)
    .await
    .expect("contacts");
    siren
}

/// A signal of each kind, as long as people write them.
async fn note_signals(staff: &mut Client, siren: &str) {
    let path = format!("/entreprises/{siren}/signaux/nouveau");
    for flag in RedFlag::ALL {
        let form = staff.get(&path).await.expect(200).form(&path);
        let form = form.set("signal", flag.code()).set(
            "motif",
            &"Commande perdue, échéance reportée, départs. ".repeat(20),
        );
        staff.submit(&form).await.expect(303);
    }
}

async fn catch_up(app: &TestApp) {
    let mut conn = app.state.pool.acquire().await.expect("a connection");
    let (today, now) = (app.state.clock.today(), app.state.clock.now());
    vigie::features::alerts::run::catch_up(&mut conn, today, now)
        .await
        .expect("scored");
}

/// What a page that is a PDF says.
pub fn pdf_of(page: &Page) -> Read {
    assert_eq!(page.headers["content-type"], "application/pdf");
    Read::of(&page.bytes)
}

#[tokio::test]
async fn the_sheet_of_a_company_full_of_data_is_one_page_signed_and_traced() {
    let Some(printer) = printer() else { return };
    let app = TestApp::new().await.printing_with(printer);
    reference(&app.db.pool).await;
    let siren = full_company(&app).await;
    let mut staff = app.sign_in(Role::Staff, &[]).await;
    note_signals(&mut staff, &siren).await;
    catch_up(&app).await;
    staff
        .get(&format!("/entreprises/{siren}"))
        .await
        .expect(200)
        .says("Fiche PDF");
    let html = staff
        .get(&format!("/entreprises/{siren}/fiche"))
        .await
        .expect(200);
    html.says("Chiffre d’affaires")
        .says("Confidentiel")
        .says("Télécharger en PDF")
        .says("autres contacts");
    assert!(html.sql <= 8, "{} statements", html.sql);
    let page = staff
        .get(&format!("/entreprises/{siren}/fiche.pdf"))
        .await
        .expect(200);
    assert_eq!(
        page.headers["content-disposition"],
        format!("attachment; filename=\"fiche-{siren}-2026-11-24.pdf\"").as_str()
    );
    let read = pdf_of(&page);
    assert_eq!(read.fact("Pages"), "1", "{}", read.text);
    assert_eq!(read.fact("Tagged"), "yes");
    assert!(
        read.fact("Title")
            .starts_with("Fiche de <script>alert(1)</script>"),
        "{}",
        read.info
    );
    read.says("<script>alert(1)</script>")
        .says("Pourquoi ce niveau")
        .says("−5 234 567")
        .says("autres contacts")
        .says("Exporté de Vigie le 24 novembre 2026 par Direction du Développement Essai")
        .says("Page 1 sur 1");
    assert!(!read.text.contains("root:"), "no file was read");
    assert!(
        !read.text.contains("Menu"),
        "the page is printed, not the screen"
    );
    let traced: (String, Option<uuid::Uuid>, serde_json::Value) =
        sqlx::query_as("select object_id, actor_id, after from audit_events where verb = 'export'")
            .fetch_one(&app.db.pool)
            .await
            .expect("one export");
    assert_eq!(traced.0, siren);
    assert_eq!(traced.1, Some(staff.user_id));
    assert_eq!(traced.2["format"], "pdf");
}

#[tokio::test]
async fn the_sheet_tells_each_role_what_its_page_tells() {
    let app = TestApp::new().await.printing_with(Printer::none());
    reference(&app.db.pool).await;
    let siren = full_company(&app).await;
    catch_up(&app).await;
    let path = format!("/entreprises/{siren}/fiche");
    let mut adviser = app.sign_in(Role::Adviser, &[ALBIGEOIS]).await;
    let page = adviser.get(&path).await.expect(200);
    page.says("Comptes en cinq lignes")
        .says("Signaux en cours")
        .hides("Télécharger en PDF");
    let confidential = page.texts("[aria-labelledby='fiche-comptes-legende'] tbody tr");
    assert!(
        confidential[0].contains("123 456 789 Confidentiel 123 456 789"),
        "{confidential:?}"
    );
    assert!(
        confidential[3].contains("−98 000 −98 000 −98 000"),
        "{confidential:?}"
    );
    let mut admin = app.sign_in(Role::Admin, &[]).await;
    admin
        .get(&path)
        .await
        .expect(200)
        .hides("Comptes en cinq lignes")
        .hides("Pourquoi ce niveau")
        .hides("Signaux")
        .hides("123 456 789");
    // Without a printer the page is printed by the browser, and nothing was exported.
    let sent = admin.get(&format!("{path}.pdf")).await.expect(303);
    assert_eq!(sent.location().as_deref(), Some(path.as_str()));
    admin
        .get(&format!("/entreprises/{siren}"))
        .await
        .says("Fiche à imprimer")
        .hides("Fiche PDF");
    let exports: i64 =
        sqlx::query_scalar("select count(*) from audit_events where verb = 'export'")
            .fetch_one(&app.db.pool)
            .await
            .expect("a count");
    assert_eq!(exports, 0);
    run(
        &app.db.pool,
        "update contacts set archived_on = current_date",
    )
    .await;
    adviser
        .get(&path)
        .await
        .expect(200)
        .says("Aucun contact n’est noté.");
}

#[tokio::test]
async fn the_card_of_the_model_can_be_taken_along() {
    let Some(printer) = printer() else { return };
    let app = TestApp::new().await.printing_with(printer);
    let mut elected = app.sign_in(Role::Elected, &[]).await;
    let page = elected.get("/modele.pdf").await.expect(200);
    let read = pdf_of(&page);
    assert_eq!(read.fact("Tagged"), "yes");
    assert!(read.fact("Title").starts_with("Fiche du modèle"));
    let pages: usize = read.fact("Pages").parse().expect("a number");
    assert!((2..=8).contains(&pages), "{pages} pages");
    read.says(&format!("Page {pages} sur {pages}"))
        .says("Ce qu’elle vaut");
    let label: String =
        sqlx::query_scalar("select object_label from audit_events where verb = 'export'")
            .fetch_one(&app.db.pool)
            .await
            .expect("one export");
    assert_eq!(label, "la fiche du modèle");
}
