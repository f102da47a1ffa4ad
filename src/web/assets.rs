//! The three static files: compiled in, named after their content, kept for ever by browsers.
//!
//! A debug build reads them from the disk at each request, so that a change shows on reload.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Path under which `app.rs` mounts [`serve`], as `/static/{file}`.
pub const MOUNT: &str = "/static/";

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const REVALIDATE: &str = "no-cache";

struct Asset {
    stem: &'static str,
    extension: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
    hash: String,
    url: String,
}

impl Asset {
    fn new(name: &'static str, media_type: &'static str, bytes: &'static [u8]) -> Self {
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        let hash = short_hash(bytes);
        let url = format!("{MOUNT}{stem}.{hash}.{extension}");
        Self {
            stem,
            extension,
            media_type,
            bytes,
            hash,
            url,
        }
    }

    fn is_named(&self, name: &str) -> bool {
        name.split_once('.') == Some((self.stem, self.extension))
    }

    /// Content to send: the disk's in a debug build when it can be read, else the compiled one.
    fn content(&self) -> Cow<'static, [u8]> {
        if cfg!(debug_assertions) {
            let path = format!(
                "{}/static/{}.{}",
                env!("CARGO_MANIFEST_DIR"),
                self.stem,
                self.extension
            );
            if let Ok(bytes) = std::fs::read(path) {
                return Cow::Owned(bytes);
            }
        }
        Cow::Borrowed(self.bytes)
    }
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset::new(
            "app.css",
            "text/css; charset=utf-8",
            include_bytes!("../../static/app.css"),
        ),
        Asset::new(
            "app.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../../static/app.js"),
        ),
        Asset::new(
            "icons.svg",
            "image/svg+xml",
            include_bytes!("../../static/icons.svg"),
        ),
    ]
});

/// Address of a static file, such as `/static/app.3f2a9c01d4e5b677.css`. An unknown name gives a path that answers 404.
pub fn url(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.is_named(name));
    found.map_or_else(|| format!("{MOUNT}{name}"), |asset| asset.url.clone())
}

/// The style sheet itself, for a page that must hold it.
pub fn style() -> Cow<'static, str> {
    let [style, ..] = &*ASSETS;
    match style.content() {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Sends a static file. Its current name is kept for a year; an older one (a page opened before an update)
/// gets the current content, to be asked for again next time.
pub async fn serve(Path(file): Path<String>) -> Response {
    let parts: Vec<&str> = file.split('.').collect();
    let (stem, hash, extension) = match parts[..] {
        [stem, extension] => (stem, None, extension),
        [stem, hash, extension] => (stem, Some(hash), extension),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Some(asset) = ASSETS
        .iter()
        .find(|a| a.stem == stem && a.extension == extension)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let current = !cfg!(debug_assertions) && hash == Some(asset.hash.as_str());
    let cache = if current { IMMUTABLE } else { REVALIDATE };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, cache),
    ];
    (headers, asset.content().into_owned()).into_response()
}

/// First 16 hexadecimal digits of the SHA-256.
fn short_hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .take(8)
        .fold(String::with_capacity(16), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_served_under_its_own_address_and_under_an_older_one() {
        for name in ["app.css", "app.js", "icons.svg"] {
            let address = url(name);
            let file = address.strip_prefix(MOUNT).expect("under the mount");
            assert_eq!(serve(Path(file.to_owned())).await.status(), StatusCode::OK);
        }
        let old = serve(Path("app.0000000000000000.css".to_owned())).await;
        assert_eq!(old.status(), StatusCode::OK);
        assert_eq!(old.headers()[header::CACHE_CONTROL], REVALIDATE);
    }

    #[tokio::test]
    async fn nothing_else_is_served() {
        for file in [
            "",
            "app",
            "app.rs",
            "..",
            "../Cargo.toml",
            "app.a.b.css",
            "passwd",
        ] {
            assert_eq!(
                serve(Path(file.to_owned())).await.status(),
                StatusCode::NOT_FOUND,
                "{file}"
            );
        }
    }

    /// Both values of a token of `app.css`, light then dark.
    fn token(name: &str) -> [[u8; 3]; 2] {
        let css = std::str::from_utf8(include_bytes!("../../static/app.css")).expect("UTF-8");
        let (_, rest) = css
            .split_once(&format!("--{name}: "))
            .unwrap_or_else(|| panic!("no token {name}"));
        let colours: Vec<[u8; 3]> = rest
            .split(';')
            .next()
            .unwrap_or_default()
            .split('#')
            .skip(1)
            .map(|hex| {
                [0, 2, 4].map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour"))
            })
            .collect();
        [colours[0], *colours.last().expect("a colour")]
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(colour: [u8; 3]) -> f64 {
        let [r, g, b] = colour.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn colours_contrast_enough_in_light_and_in_dark() {
        let text = [
            ("encre", "fond"),
            ("encre", "surface"),
            ("encre", "pastel"),
            ("encre", "zone"),
            ("sourd", "fond"),
            ("sourd", "surface"),
            ("sourd", "pastel"),
            ("sourd", "zone"),
            ("guede", "fond"),
            ("guede", "surface"),
            ("guede", "pastel"),
            ("guede", "zone"),
            ("guede-vif", "zone"),
            ("sur-guede", "guede"),
            ("sur-guede", "guede-vif"),
            ("erreur", "fond"),
            ("erreur", "surface"),
            ("erreur", "erreur-fond"),
            ("ok", "ok-fond"),
            ("faible-encre", "faible-fond"),
            ("modere-encre", "modere-fond"),
            ("sur-fonce", "eleve-fond"),
            ("sur-fonce", "critique-fond"),
            ("anneau", "halo"),
        ];
        let shapes = [
            ("champ", "fond"),
            ("champ", "surface"),
            ("champ", "zone"),
            ("champ", "pastel"),
            ("brique", "pastel"),
            ("brique", "fond"),
            ("courbe", "surface"),
            ("courbe", "fond"),
            ("faible-trait", "surface"),
            ("modere-trait", "surface"),
            ("modere-trait", "modere-forme"),
            ("eleve-trait", "surface"),
            ("critique-trait", "surface"),
        ];
        let bounds = text
            .map(|pair| (pair, 4.5))
            .into_iter()
            .chain(shapes.map(|pair| (pair, 3.0)));
        for ((ink, paper), least) in bounds {
            for theme in 0..2 {
                let found = contrast(token(ink)[theme], token(paper)[theme]);
                assert!(
                    found >= least,
                    "{ink} on {paper}, theme {theme}: {found:.2} < {least}"
                );
            }
        }
    }

    #[test]
    fn files_stay_within_their_budget() {
        // experience.md U5 counts compressed bytes; raw bounds are stricter to read and need no codec here.
        let size = |name: &str| {
            ASSETS
                .iter()
                .find(|a| a.is_named(name))
                .map_or(0, |a| a.bytes.len())
        };
        assert!(size("app.css") < 40_000, "{}", size("app.css"));
        assert!(size("app.js") < 10_000, "{}", size("app.js"));
    }
}
