//! Chromium, driven through chromedriver.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::{Command as WebDriverCommand, ExtensionCommand};
use thirtyfour::extensions::query::ElementQueryable as _;
use thirtyfour::{
    By, Capabilities, ChromiumLikeCapabilities as _, DesiredCapabilities, Key, WebDriver,
    WebElement,
};

use super::caretaker::Ward;
use super::program::{Program, free_port};

/// How a browser is set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Width and height of the window, in CSS pixels.
    pub size: (u32, u32),
    /// Whether scripts run.
    pub scripts: bool,
    /// Whether the person prefers a dark screen.
    pub dark: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            size: (1280, 800),
            scripts: true,
            dark: false,
        }
    }
}

/// A browser window.
pub struct Browser {
    /// The session, for what the helpers below do not cover.
    pub driver: ManuallyDrop<WebDriver>,
    profile: PathBuf,
    /// The driver and its browsers, one group: killed with the window, also after a failed assertion.
    /// The library's own end of a session would wait for two minutes in a runtime that is going away.
    _processes: Ward,
    url: String,
}

/// In an `XPath`: whether an element has these words, with plain spaces.
fn says(words: &str) -> String {
    format!("contains(normalize-space(translate(., '\u{a0}\u{202f}', '  ')), \"{words}\")")
}

/// Where the two programs are, if they are.
fn installed() -> Option<(PathBuf, PathBuf)> {
    let find = |names: &[&str]| {
        let path = std::env::var_os("PATH")?;
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        names
            .iter()
            .flat_map(|name| folders.iter().map(move |f| f.join(name)))
            .find(|p| p.exists())
    };
    Some((
        find(&["chromium", "chromium-browser", "google-chrome"])?,
        find(&["chromedriver"])?,
    ))
}

/// Whether the journeys can run; says so when they cannot, and fails if they must.
pub fn is_available() -> bool {
    if installed().is_some() {
        return true;
    }
    let is_required = std::env::var("VIGIE_BROWSER").is_ok_and(|value| value == "required");
    assert!(
        !is_required,
        "Chromium and chromedriver are required and were not found"
    );
    eprintln!("skipped: install chromium and chromium-driver to run the journeys");
    false
}

impl Browser {
    /// Opens a window on the program.
    pub async fn open(program: &Program, setting: Setting) -> Self {
        let (chromium, chromedriver) = installed().expect("checked by is_available");
        let port = free_port();
        let profile =
            std::env::temp_dir().join(format!("vigie-chromium-{}-{port}", std::process::id()));
        let mut command = Command::new(chromedriver);
        command
            .args([format!("--port={port}"), "--log-level=SEVERE".to_owned()])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let processes = Ward::start(&mut command, "KILL", &profile);
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities
            .set_binary(&chromium.to_string_lossy())
            .expect("a path");
        for argument in ARGUMENTS {
            capabilities.add_arg(argument).expect("an argument");
        }
        let own = format!("--user-data-dir={}", profile.display());
        capabilities.add_arg(&own).expect("an argument");
        let preferences = json!({
            "intl.accept_languages": "fr-FR,fr",
            "profile.managed_default_content_settings.javascript": if setting.scripts { 1 } else { 2 },
        });
        capabilities
            .add_experimental_option("prefs", preferences)
            .expect("preferences");
        let mut capabilities = Capabilities::from(capabilities);
        let logs = json!({ "browser": "ALL" });
        capabilities
            .set("goog:loggingPrefs", logs)
            .expect("log preferences");
        let driver = connect(port, capabilities).await;
        let browser = Self {
            driver: ManuallyDrop::new(driver),
            profile,
            _processes: processes,
            url: program.url.clone(),
        };
        browser.resize(setting.size).await;
        browser.prefer(setting.dark).await;
        browser
    }

    /// Sets the true width of the page: a headless window cannot be narrower than 500 px.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        let cdp = self.driver.cdp();
        cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await
            .expect("a size");
    }

    /// Sets the preference for dark or light.
    pub async fn prefer(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.driver
            .cdp()
            .send_raw("Emulation.setEmulatedMedia", media)
            .await
            .expect("a scheme");
    }

    /// Goes to a path of the site.
    pub async fn visit(&self, path: &str) {
        self.driver
            .goto(format!("{}{path}", self.url))
            .await
            .expect("the page opens");
    }

    /// Path and query of the page.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.expect("an address");
        url.as_str().trim_start_matches(&self.url).to_owned()
    }

    /// The element, waited for a moment because a click may be loading its page.
    pub async fn find(&self, css: &str) -> WebElement {
        let query = self.driver.query(By::Css(css.to_owned()));
        let found = query
            .wait(Duration::from_secs(10), Duration::from_millis(50))
            .first()
            .await;
        match found {
            Ok(element) => element,
            Err(error) => panic!(
                "no {css} in {}: {error}\n{}",
                self.path().await,
                self.words().await
            ),
        }
    }

    /// The link or button with these words.
    pub async fn click(&self, words: &str) {
        let says = says(words);
        self.tap_in(&format!(
            "//main//*[self::a or self::button or self::summary][{says}]"
        ))
        .await;
    }

    /// The choice of a list, or the box, with these words.
    pub async fn pick(&self, words: &str) {
        let says = says(words);
        self.tap_in(&format!(
            "//main//option[{says}] | //main//input[@id = //main//label[{says}]/@for]"
        ))
        .await;
    }

    /// Clicks the first element of an `XPath`, waited for a moment.
    pub async fn tap_in(&self, xpath: &str) {
        let query = self.driver.query(By::XPath(xpath.to_owned()));
        match query
            .wait(Duration::from_secs(10), Duration::from_millis(50))
            .first()
            .await
        {
            Ok(element) => self.press(&element).await,
            Err(error) => panic!(
                "nothing to click {xpath} in {}: {error}\n{}",
                self.path().await,
                self.words().await
            ),
        }
    }

    async fn press(&self, element: &WebElement) {
        // In the middle, where nothing sticky lies over it.
        let script = "arguments[0].scrollIntoView({ block: 'center' })";
        let element_json = element.to_json().expect("an element");
        self.driver
            .execute(script, vec![element_json])
            .await
            .expect("the element is on the page");
        element.click().await.expect("the element takes a click");
    }

    /// Clicks an element of the page.
    pub async fn tap(&self, css: &str) {
        let element = self.find(css).await;
        self.press(&element).await;
    }

    /// Replaces the text of the field with this name.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find(&format!("main [name=\"{name}\"]")).await;
        field.clear().await.expect("a field to type in");
        field.send_keys(text).await.expect("typing");
    }

    /// Sets a day or an hour, which each browser's own widget asks for in its own way.
    pub async fn set(&self, name: &str, value: &str) {
        let field = self.find(&format!("main [name=\"{name}\"]")).await;
        let script = "arguments[0].value = arguments[1]";
        let values = vec![field.to_json().expect("a field"), Value::from(value)];
        self.driver.execute(script, values).await.expect("a value");
    }

    /// The words of the page, with plain spaces; none between two pages, when there is no body yet.
    pub async fn words(&self) -> String {
        let text = match self.driver.find(By::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        };
        text.replace(['\u{a0}', '\u{202f}'], " ")
    }

    /// Waits until the page says this.
    pub async fn says(&self, text: &str) {
        for _ in 0..200 {
            if self.words().await.contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "« {text} » is not in {}:\n{}",
            self.path().await,
            self.words().await
        );
    }

    /// Types with the keyboard where the focus is.
    pub async fn keys(&self, keys: &str) {
        let active = self.driver.active_element().await.expect("a focus");
        active.send_keys(keys).await.expect("keys");
    }

    /// Moves the focus with Tab until the focused element has these words or this name.
    pub async fn tab_to(&self, wanted: &str) {
        for _ in 0..150 {
            self.driver
                .action_chain()
                .send_keys(Key::Tab)
                .perform()
                .await
                .expect("Tab");
            let script = "const e = document.activeElement; return !/^(A|BUTTON|INPUT|SELECT|TEXTAREA|SUMMARY)$/.test(e.tagName) ? '' : [(e.textContent || '').replace(/\\s+/g, ' '), e.name || '', e.value || '', e.getAttribute('aria-label') || ''].join('|')";
            let found = self
                .driver
                .execute(script, Vec::new())
                .await
                .expect("the focus");
            let found: String = found.convert().expect("a text");
            if found.replace(['\u{a0}', '\u{202f}'], " ").contains(wanted) {
                return;
            }
        }
        panic!(
            "the keyboard does not reach « {wanted} » in {}",
            self.path().await
        );
    }

    /// Signs in with a role's account, by the page.
    pub async fn sign_in(&self, program: &Program, role: &str) {
        let (email, password) = program.account(role);
        self.visit("/connexion").await;
        self.fill("email", email).await;
        self.fill("mot_de_passe", password).await;
        self.tap("main form button[type=submit]").await;
        self.find("form[action='/deconnexion']").await;
    }

    /// How many elements match now.
    pub async fn count(&self, css: &str) -> usize {
        self.driver
            .find_all(By::Css(css.to_owned()))
            .await
            .expect("a selector")
            .len()
    }

    /// Chooses the first true option of a list whose first line says « choose ».
    pub async fn choose_second(&self, name: &str) {
        self.tap(&format!(
            "main select[name=\"{name}\"] option:nth-of-type(2)"
        ))
        .await;
    }

    /// Gives a file to a field.
    pub async fn deposit(&self, name: &str, text: &str) {
        let path = self.profile.join("depot.csv");
        std::fs::write(&path, text).expect("a file");
        let field = self
            .find(&format!("main input[type=file][name=\"{name}\"]"))
            .await;
        field
            .send_keys(path.to_string_lossy())
            .await
            .expect("a file");
    }

    /// Reads an address of the site with the session of this browser.
    pub async fn fetch(&self, path: &str) -> String {
        let script = "
            const done = arguments[arguments.length - 1];
            fetch(arguments[0]).then(r => r.text()).then(done, e => done('failed: ' + e));";
        let path = serde_json::Value::from(path);
        let answer = self
            .driver
            .execute_async(script, vec![path])
            .await
            .expect("a script");
        answer.convert().expect("a text")
    }

    /// Paths that the main part of the page links to.
    pub async fn links(&self) -> Vec<String> {
        let script = "
            return [...document.querySelectorAll('main a[href]')]
                .filter(a => a.origin === location.origin && !a.getAttribute('href').startsWith('#'))
                .map(a => a.pathname + a.search);";
        let found = self
            .driver
            .execute(script, Vec::new())
            .await
            .expect("a script");
        found.convert().expect("a list")
    }

    /// Presses Enter where the focus is.
    pub async fn press_enter(&self) {
        self.keys(&String::from(char::from(Key::Enter))).await;
    }

    /// Presses the arrow down where the focus is.
    pub async fn arrow_down(&self) {
        self.keys(&String::from(char::from(Key::Down))).await;
    }

    /// What the browser complained of since the last call: script errors, refused resources.
    pub async fn complaints(&self) -> Vec<String> {
        let answer = self
            .driver
            .handle()
            .cmd(WebDriverCommand::ExtensionCommand(Box::new(BrowserLog)))
            .await
            .expect("the browser's log");
        let entries: Vec<Value> = answer.value().expect("a list");
        // « DEBUG » and « INFO » entries are advice, such as hints on password managers.
        entries
            .iter()
            .filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")))
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Ends the session and its driver.
    pub async fn close(self) {
        let _ = WebDriver::clone(&self.driver).quit().await;
    }
}

const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=fr-FR",
];

async fn connect(port: u16, capabilities: Capabilities) -> WebDriver {
    // The driver's client, like the program's, asks for one provider for the whole process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let address = format!("http://127.0.0.1:{port}");
    for _ in 0..100 {
        if let Ok(driver) = WebDriver::new(&address, capabilities.clone()).await {
            return driver;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("chromedriver does not open a session");
}

#[derive(Debug)]
struct BrowserLog;

impl ExtensionCommand for BrowserLog {
    fn parameters_json(&self) -> Option<Value> {
        Some(json!({ "type": "browser" }))
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/se/log".into()
    }
}
