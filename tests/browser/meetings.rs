//! A meeting noted on a phone: taps are counted, and what was typed outlives the tab, not the person.

use super::browser::{Browser, Setting, is_available};
use super::program::Program;

/// A phone, held in one hand.
const PHONE: (u32, u32) = (375, 740);

/// The page of a company of the demonstration.
async fn open_company(browser: &Browser) -> String {
    browser.visit("/entreprises?q=granit").await;
    browser.tap("main tbody th a").await;
    browser.find("#rencontres").await;
    browser.path().await
}

#[tokio::test]
async fn a_meeting_is_noted_in_five_taps_with_or_without_scripts() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    for scripts in [true, false] {
        let setting = Setting {
            size: PHONE,
            scripts,
            ..Setting::default()
        };
        let browser = Browser::open(&program, setting).await;
        browser.sign_in(&program, "staff").await;
        open_company(&browser).await;
        let essential = format!("Carnet plein, scripts : {scripts}.");
        browser.tap(".barre a").await;
        browser.find("main [name=essentiel]").await;
        // The cursor is there already: typing is no tap.
        browser.keys(&essential).await;
        browser.tap("main [name=format][value=call]").await;
        browser.tap("main [name=dossier][value=training]").await;
        browser.tap("main [name=suite][value='7']").await;
        browser.click("Enregistrer").await;
        browser.says("Rencontre enregistrée.").await;
        browser.says(&essential).await;
        browser.click("Annuler cette rencontre").await;
        browser.says("Rencontre annulée.").await;
        browser.close().await;
    }
}

#[tokio::test]
async fn a_draft_outlives_its_tab_and_ends_with_the_sign_out() {
    if !is_available() {
        return;
    }
    let program = Program::start().await;
    let setting = Setting {
        size: PHONE,
        ..Setting::default()
    };
    let browser = Browser::open(&program, setting).await;
    browser.sign_in(&program, "staff").await;
    let form = format!("{}/rencontres/nouvelle", open_company(&browser).await);
    browser.visit(&form).await;
    browser.fill("essentiel", "À finir ce soir.").await;
    browser.tap("main [name=format][value=mail]").await;
    // Another tab: nothing of the first one's session storage.
    let first = browser.driver.window().await.expect("a tab");
    let second = browser.driver.new_tab().await.expect("another tab");
    browser
        .driver
        .switch_to_window(first)
        .await
        .expect("the first tab");
    browser.driver.close_window().await.expect("a closed tab");
    browser
        .driver
        .switch_to_window(second)
        .await
        .expect("the second tab");
    browser.visit(&form).await;
    browser.says("Brouillon retrouvé").await;
    let kept = "[name=format][value=mail]:checked";
    assert_eq!(browser.count(kept).await, 1);
    browser.click("Enregistrer").await;
    browser.says("À finir ce soir.").await;
    browser.visit(&form).await;
    assert_eq!(browser.count(kept).await, 0, "what is saved is no draft");
    // What is confidential stays in its tab; what is not goes with the person.
    browser.fill("essentiel", "À oublier.").await;
    browser.tap("details.volet summary").await;
    browser.fill("confidentiel", "Secret.").await;
    let stored = browser
        .driver
        .execute("return JSON.stringify(localStorage)", Vec::new())
        .await
        .expect("a script");
    let stored: String = stored.convert().expect("a text");
    assert!(stored.contains("À oublier.") && !stored.contains("Secret."));
    browser
        .driver
        .execute(
            "document.querySelector('form[data-oublier] button').click()",
            Vec::new(),
        )
        .await
        .expect("a script");
    browser.says("Se connecter").await;
    let left = browser
        .driver
        .execute("return localStorage.length", Vec::new())
        .await
        .expect("a script");
    assert_eq!(left.convert::<u32>().expect("a number"), 0);
    browser.close().await;
}
