//! `vigie doctor`

use std::process::ExitCode;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::{Failure, with_database};
use crate::features::plans::queries::contents;
use crate::features::territories::queries;
use crate::platform::bucket::Bucket;
use crate::platform::checks::{self, Finding, Level};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::mail::Mailer;
use crate::platform::pdf::Printer;

/// Prints what was looked at, with what to mend. Exit code 1 when something must be mended.
pub async fn run(config: Config) -> Result<ExitCode, Failure> {
    // Refused settings never come this far.
    let mut findings = vec![Finding::good(format!("settings: {}", config.base_url))];
    let looked = with_database(&config, async |server| {
        let mut looked = checks::database(server.options(), &Clock::system()).await;
        looked.push(reference_data(server.options(), &config.department).await);
        looked.extend(documents(server.options(), &config).await);
        Ok(looked)
    });
    match looked.await {
        Ok(looked) => findings.extend(looked),
        Err(error) => findings.push(Finding::wrong(error.to_string(), "see the line above")),
    }
    findings.push(checks::disk(&config.data_dir));
    findings.push(checks::pdf(&Printer::find(config.pdf_program.as_deref())).await);
    findings.push(checks::mail(&Mailer::new(config.mail.as_ref())?).await);
    findings.iter().for_each(print);
    let wrong = findings
        .iter()
        .filter(|finding| finding.level == Level::Wrong)
        .count();
    println!(
        "{}",
        if wrong == 0 {
            "Nothing to mend.".to_owned()
        } else {
            format!("{wrong} to mend.")
        }
    );
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether documents can be kept and read where they are; nothing to say when all are in the database.
async fn documents(options: &PgConnectOptions, config: &Config) -> Option<Finding> {
    let Some(store) = &config.documents_store else {
        return unreachable_documents(options).await;
    };
    Some(match Bucket::new(store) {
        Ok(bucket) => checks::bucket(&bucket).await,
        Err(error) => Finding::wrong(format!("documents: {error}"), error.mend()),
    })
}

/// Documents in a bucket that the settings do not name any more.
async fn unreachable_documents(options: &PgConnectOptions) -> Option<Finding> {
    let counted = async {
        let mut conn = options.connect().await?;
        let count = contents::in_a_bucket(&mut conn).await?;
        conn.close().await?;
        Ok::<_, sqlx::Error>(count)
    };
    match counted.await {
        Ok(0) => None,
        Ok(count) => Some(Finding::wrong(
            format!("{count} documents are in a bucket, and no bucket is set"),
            "set VIGIE_DOCUMENTS_STORE and the VIGIE_S3_… settings as they were",
        )),
        Err(error) => Some(Finding::wrong(
            format!("documents: {error}"),
            "run `vigie migrate`",
        )),
    }
}

/// Whether the territories of the département are there, and of which date.
async fn reference_data(options: &PgConnectOptions, department: &str) -> Finding {
    let sources = async {
        let mut conn = options.connect().await?;
        let sources = queries::sources(&mut conn, department).await?;
        conn.close().await?;
        Ok::<_, sqlx::Error>(sources)
    };
    match sources.await {
        Ok(sources) if sources.is_empty() => Finding::wrong(
            format!("reference data: no territory is loaded for département {department}"),
            "run `vigie migrate` for the Tarn, `vigie import territoires` for another département",
        ),
        Ok(sources) => {
            let dates: Vec<String> = sources
                .iter()
                .map(|s| format!("{} as of {}", s.producer, s.as_of))
                .collect();
            Finding::good(format!("reference data: {}", dates.join(", ")))
        }
        Err(error) => Finding::wrong(format!("reference data: {error}"), "run `vigie migrate`"),
    }
}

fn print(finding: &Finding) {
    let mark = match finding.level {
        Level::Good => "good ",
        Level::Attention => "look ",
        Level::Wrong => "WRONG",
    };
    println!("{mark}  {}", finding.seen);
    if let Some(mend) = &finding.mend {
        println!("       → {mend}");
    }
}
