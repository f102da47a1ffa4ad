//! `vigie doctor`

use std::process::ExitCode;

use super::{Failure, with_database};
use crate::platform::checks::{self, Finding, Level};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::mail::Mailer;

/// Prints what was looked at, with what to mend. Exit code 1 when something must be mended.
pub async fn run(config: Config) -> Result<ExitCode, Failure> {
    // Refused settings never come this far.
    let mut findings = vec![Finding::good(format!("settings: {}", config.base_url))];
    let looked = with_database(&config, async |server| {
        Ok(checks::database(server.options(), &Clock::system()).await)
    });
    match looked.await {
        Ok(looked) => findings.extend(looked),
        Err(error) => findings.push(Finding::wrong(error.to_string(), "see the line above")),
    }
    findings.push(checks::disk(&config.data_dir));
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
