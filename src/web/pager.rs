//! Pages of a list: at most 100 rows each, bounds checked, links that keep the filters.

/// Rows on a page, at most.
pub const MAX_SIZE: u32 = 100;
/// Highest page that is served: beyond it `OFFSET` costs more than a filter would.
pub const MAX_NUMBER: u32 = 1_000;
/// Lists are counted exactly up to here; beyond, « plus de 10 000 ».
pub const COUNT_LIMIT: i64 = 10_000;

/// How many rows a list has in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Counted to the end.
    Exact(i64),
    /// Counting stopped here.
    MoreThan(i64),
}

impl Total {
    /// From a count made by a query that stops at `COUNT_LIMIT + 1` rows.
    pub fn from_limited(count: i64) -> Self {
        if count > COUNT_LIMIT {
            Self::MoreThan(COUNT_LIMIT)
        } else {
            Self::Exact(count)
        }
    }

    /// The number behind the words.
    pub fn count(self) -> i64 {
        match self {
            Self::Exact(count) | Self::MoreThan(count) => count,
        }
    }

    /// « 1 entreprise », « 12 500 entreprises », « plus de 10 000 entreprises », « aucune » is the empty state's job.
    pub fn in_words(self, one: &str, many: &str) -> String {
        let number = super::filters::group_thousands(self.count());
        let noun = super::filters::agree(self.count(), one, many);
        match self {
            Self::Exact(_) => format!("{number}\u{a0}{noun}"),
            Self::MoreThan(_) => format!("plus de {number}\u{a0}{many}"),
        }
    }
}

/// The page number asked for cannot exist. Answer 404: the address is wrong, nothing broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such page")]
pub struct NoSuchPage;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Number from 1.
    pub number: u32,
    /// Rows per page, 1 to [`MAX_SIZE`].
    pub size: u32,
    /// Rows in all.
    pub total: Total,
    path: String,
    query: String,
}

/// One link of the pagination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A page to go to.
    Link {
        /// Its number.
        number: u32,
        /// Its address.
        href: String,
    },
    /// The page on screen.
    Current(u32),
    /// Pages left out.
    Gap,
}

/// Reads the `page` parameter: absent or empty is 1; anything but 1 to [`MAX_NUMBER`] in ASCII digits is refused.
pub fn requested(parameter: Option<&str>) -> Result<u32, NoSuchPage> {
    let Some(text) = parameter.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(1);
    };
    if text.len() > 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoSuchPage);
    }
    let number: u32 = text.parse().map_err(|_| NoSuchPage)?;
    if (1..=MAX_NUMBER).contains(&number) {
        Ok(number)
    } else {
        Err(NoSuchPage)
    }
}

/// Rows to skip before page `number`.
pub fn offset(number: u32, size: u32) -> i64 {
    i64::from(number.saturating_sub(1)) * i64::from(size)
}

impl Page {
    /// A page of the list at `path`, whose current query string (undecoded, as received) is `query`.
    /// Refuses a page past the end; the first one always exists, even empty.
    pub fn new(
        number: u32,
        size: u32,
        total: Total,
        path: &str,
        query: Option<&str>,
    ) -> Result<Self, NoSuchPage> {
        let kept: Vec<&str> = query
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("page"))
            .collect();
        let size = size.clamp(1, MAX_SIZE);
        let page = Self {
            number,
            size,
            total,
            path: path.to_owned(),
            query: kept.join("&"),
        };
        if number == 1 || (number >= 1 && number <= page.last()) {
            Ok(page)
        } else {
            Err(NoSuchPage)
        }
    }

    /// Number of the last page that can be reached.
    pub fn last(&self) -> u32 {
        let pages = u64::try_from(self.total.count())
            .unwrap_or(0)
            .div_ceil(u64::from(self.size));
        u32::try_from(pages)
            .unwrap_or(MAX_NUMBER)
            .clamp(1, MAX_NUMBER)
    }

    /// Rank of the first row shown, from 1; 0 when the list is empty.
    pub fn first_row(&self) -> i64 {
        if self.total.count() == 0 {
            0
        } else {
            offset(self.number, self.size) + 1
        }
    }

    /// Rank of the last row shown.
    pub fn last_row(&self) -> i64 {
        (offset(self.number, self.size) + i64::from(self.size)).min(self.total.count())
    }

    /// Address of another page of the same list, filters kept.
    pub fn href(&self, number: u32) -> String {
        let joint = if self.query.is_empty() { "" } else { "&" };
        match number {
            1 if self.query.is_empty() => self.path.clone(),
            1 => format!("{}?{}", self.path, self.query),
            _ => format!("{}?{}{joint}page={number}", self.path, self.query),
        }
    }

    /// Address of the previous page, if any.
    pub fn previous(&self) -> Option<String> {
        (self.number > 1).then(|| self.href(self.number - 1))
    }

    /// Address of the next page, if any.
    pub fn next(&self) -> Option<String> {
        (self.number < self.last()).then(|| self.href(self.number + 1))
    }

    /// Pages to link: the ends, the current one and its neighbours.
    pub fn steps(&self) -> Vec<Step> {
        let last = self.last();
        let near = self.number.saturating_sub(1)..=self.number + 1;
        let mut steps = Vec::new();
        let mut previous = 0;
        for number in (1..=last).filter(|n| *n == 1 || *n == last || near.contains(n)) {
            if number > previous + 2 {
                steps.push(Step::Gap);
            } else if number == previous + 2 {
                steps.push(self.step(previous + 1));
            }
            steps.push(self.step(number));
            previous = number;
        }
        steps
    }

    fn step(&self, number: u32) -> Step {
        if number == self.number {
            Step::Current(number)
        } else {
            Step::Link {
                number,
                href: self.href(number),
            }
        }
    }

    /// Title of the list with its place: « Entreprises (page 2 sur 14) », so that two pages never share a title.
    pub fn title(&self, list: &str) -> String {
        if self.number == 1 {
            return list.to_owned();
        }
        format!("{list} (page {} sur {})", self.number, self.last())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u32, total: i64, query: &str) -> Page {
        Page::new(
            number,
            25,
            Total::from_limited(total),
            "/entreprises",
            Some(query),
        )
        .expect("a page")
    }

    #[test]
    fn odd_page_numbers_are_refused_and_never_panic() {
        for text in [
            "0",
            "-1",
            "+1",
            "1.5",
            "١٢",
            "99999999999999999999",
            "1001",
            "abc",
            "1 2",
        ] {
            assert_eq!(requested(Some(text)), Err(NoSuchPage), "{text}");
        }
        assert_eq!(requested(None), Ok(1));
        assert_eq!(requested(Some("")), Ok(1));
        assert_eq!(requested(Some("007")), Ok(7));
    }

    #[test]
    fn the_first_page_exists_even_empty_and_none_exists_past_the_end() {
        let empty = page(1, 0, "");
        assert_eq!(
            (empty.first_row(), empty.last_row(), empty.last()),
            (0, 0, 1)
        );
        let total = Total::Exact(26);
        assert!(Page::new(2, 25, total, "/", None).is_ok());
        assert_eq!(Page::new(3, 25, total, "/", None), Err(NoSuchPage));
        assert_eq!(Page::new(0, 25, total, "/", None), Err(NoSuchPage));
    }

    #[test]
    fn links_keep_the_filters_and_forget_the_old_page() {
        let page = page(2, 1_000, "q=b%C3%A9ton&page=2&commune=81140");
        assert_eq!(
            page.href(3),
            "/entreprises?q=b%C3%A9ton&commune=81140&page=3"
        );
        assert_eq!(page.href(1), "/entreprises?q=b%C3%A9ton&commune=81140");
    }

    fn sketch(page: &Page) -> String {
        let words = page.steps().into_iter().map(|step| match step {
            Step::Link { number, href } => {
                assert_eq!(href, page.href(number));
                number.to_string()
            }
            Step::Current(number) => format!("[{number}]"),
            Step::Gap => "…".to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn steps_show_the_ends_and_the_neighbours() {
        assert_eq!(sketch(&page(7, 500, "")), "1 … 6 [7] 8 … 20");
        assert_eq!(sketch(&page(4, 500, "")), "1 2 3 [4] 5 … 20");
        assert_eq!(sketch(&page(1, 10, "")), "[1]");
    }

    #[test]
    fn a_page_never_holds_more_than_a_hundred_rows() {
        let page = Page::new(1, 5_000, Total::Exact(10_000), "/", None).expect("a page");
        assert_eq!(page.size, MAX_SIZE);
    }

    #[test]
    fn totals_agree_and_admit_where_counting_stopped() {
        assert_eq!(
            Total::Exact(1).in_words("entreprise", "entreprises"),
            "1\u{a0}entreprise"
        );
        let many = Total::from_limited(10_001).in_words("entreprise", "entreprises");
        assert_eq!(many, "plus de 10\u{202f}000\u{a0}entreprises");
    }
}
