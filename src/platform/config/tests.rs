use clap::Args as _;

use super::*;

#[expect(clippy::unnecessary_wraps, reason = "every setting is optional")]
fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn faults_of(settings: &Settings) -> Vec<String> {
    settings
        .resolve(Some("/data".into()))
        .err()
        .map(|faults| faults.0)
        .unwrap_or_default()
}

#[test]
fn nothing_set_gives_a_working_configuration() {
    let config = Settings::default()
        .resolve(Some("/data".into()))
        .expect("the defaults hold");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.base_url.to_string(), "http://localhost:8080");
    assert_eq!(config.department, "81");
    assert!(matches!(
        config.database,
        Database::Embedded { pg_bin: None }
    ));
    assert!(config.mail.is_none());
    assert_eq!(config.session.idle.as_secs(), 1800);
}

#[test]
fn the_default_address_follows_the_port() {
    let settings = Settings {
        listen: text("127.0.0.1:9001"),
        ..Settings::default()
    };
    let config = settings
        .resolve(Some("/data".into()))
        .expect("a port of one's own");
    assert_eq!(
        config.base_url.link("/connexion"),
        "http://localhost:9001/connexion"
    );
}

#[test]
fn empty_variables_count_as_absent() {
    let settings = Settings {
        database_url: text(""),
        smtp_url: text(" "),
        contact_email: text(""),
        data_dir: Some(PathBuf::new()),
        ..Settings::default()
    };
    assert!(faults_of(&settings).is_empty());
}

#[test]
fn every_fault_is_listed_at_once_and_no_secret_is_repeated() {
    let settings = Settings {
        listen: text("somewhere"),
        base_url: text("http://vigie.example.fr"),
        database_url: text("mysql://vigie:hunter2@host/db"),
        department: text("96"),
        contact_email: text("nobody"),
        smtp_url: text("ftp://u:hunter2@host"),
        log_format: text("xml"),
        trusted_proxies: text("10.0.0.1, proxy"),
        session_idle_minutes: text("121"),
        session_hours: text("many"),
        max_connections: text("1"),
        documents_store: text("s3://vigie-documents"),
        s3_endpoint: text("http://s3.example.fr"),
        s3_region: text("fr par"),
        s3_secret_key: text("hunter2 with a space"),
        s3_path_style: text("maybe"),
        ..Settings::default()
    };
    let faults = faults_of(&settings);
    for name in [
        "VIGIE_LISTEN",
        "VIGIE_BASE_URL",
        "DATABASE_URL",
        "VIGIE_DEPARTMENT",
        "VIGIE_CONTACT_EMAIL",
        "VIGIE_SMTP_URL",
        "VIGIE_MAIL_FROM",
        "VIGIE_LOG_FORMAT",
        "VIGIE_TRUSTED_PROXIES",
        "VIGIE_SESSION_IDLE_MINUTES",
        "VIGIE_SESSION_HOURS",
        "VIGIE_MAX_CONNECTIONS",
        "VIGIE_S3_ENDPOINT",
        "VIGIE_S3_REGION",
        "VIGIE_S3_ACCESS_KEY",
        "VIGIE_S3_SECRET_KEY",
        "VIGIE_S3_PATH_STYLE",
    ] {
        assert!(
            faults.iter().any(|fault| fault.starts_with(name)),
            "{name} in {faults:#?}"
        );
    }
    assert!(!faults.concat().contains("hunter2"));
}

#[test]
fn a_network_address_needs_https() {
    let open = |base: Option<&str>| Settings {
        listen: text("0.0.0.0:8080"),
        base_url: base.map(str::to_owned),
        ..Settings::default()
    };
    assert_eq!(faults_of(&open(None)).len(), 1);
    assert_eq!(faults_of(&open(Some("http://localhost:8080"))).len(), 1);
    assert!(faults_of(&open(Some("https://vigie.example.fr"))).is_empty());
}

#[test]
fn the_store_of_documents_is_a_folder_of_a_bucket_that_has_a_key() {
    let store = |place: &str| Settings {
        documents_store: text(place),
        s3_endpoint: text("https://s3.example.fr"),
        s3_access_key: text("KEY"),
        s3_secret_key: text("hunter2"),
        ..Settings::default()
    };
    let resolved = |settings: &Settings| {
        let config = settings
            .resolve(Some("/data".into()))
            .expect("good settings");
        config.documents_store.expect("a store")
    };
    let good = resolved(&store("s3://vigie-documents/tarn/2026/"));
    assert_eq!(good.to_string(), "s3://vigie-documents/tarn/2026");
    assert_eq!(good.region, "us-east-1");
    let endpoint = good.bucket_endpoint();
    assert_eq!(endpoint.as_deref(), Some("https://s3.example.fr"));
    assert!(!format!("{good:?}").contains("hunter2"));
    let hosted = Settings {
        s3_path_style: text("false"),
        ..store("s3://vigie-documents")
    };
    assert_eq!(
        resolved(&hosted).bucket_endpoint().as_deref(),
        Some("https://vigie-documents.s3.example.fr")
    );
    for wrong in [
        "vigie-documents",
        "https://s3.example.fr/vigie",
        "s3://",
        "s3://ab",
        "s3://Vigie",
        "s3://-vigie",
        "s3://vigie/../autre",
        "s3://vigie//autre",
        "s3://vigie/é",
    ] {
        let faults = faults_of(&store(wrong));
        assert!(
            faults.len() == 1 && faults[0].starts_with("VIGIE_DOCUMENTS_STORE: "),
            "{wrong}: {faults:?}"
        );
    }
}

#[test]
fn the_base_url_is_a_scheme_a_host_and_a_port() {
    let good = BaseUrl::parse("https://Vigie.example.fr:8443/").expect("a good address");
    assert_eq!(
        (good.host(), good.authority()),
        ("vigie.example.fr", "vigie.example.fr:8443")
    );
    assert!(BaseUrl::parse("http://127.0.0.1:8080").is_ok());
    assert!(BaseUrl::parse("http://[::1]:8080").is_ok());
    for wrong in [
        "vigie",
        "ftp://a",
        "https://a/b",
        "https://a?b",
        "https://u:p@a",
        "http://a",
        "",
    ] {
        assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    assert_eq!(format!("{:?}", Secret::new("hunter2")), "[secret]");
}

#[test]
fn the_example_file_documents_exactly_the_variables_that_are_read() {
    let command = Settings::augment_args(clap::Command::new("vigie"));
    let mut read: Vec<String> = command
        .get_arguments()
        .filter_map(|argument| argument.get_env())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let example = include_str!("../../../.env.example");
    let mut documented: Vec<String> = example
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name == "DATABASE_URL" || name.starts_with("VIGIE_"))
        .collect();
    read.sort();
    documented.sort();
    assert_eq!(read, documented);
}
