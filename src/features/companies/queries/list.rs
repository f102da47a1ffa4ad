//! The list, its count, its choices. One text of filters serves the page, the count and the export.

use chrono::NaiveDate;
use futures_util::TryStreamExt as _;
use futures_util::stream::BoxStream;
use sqlx::PgConnection;

use crate::features::companies::model::{Filters, Search, Sort};

/// A company in a list, masked where the register says so.
#[derive(Debug, Clone)]
pub struct CompanyRow {
    /// SIREN.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Null when unknown or masked.
    pub usual_name: Option<String>,
    /// Null when unknown or masked.
    pub acronym: Option<String>,
    /// Status in the register.
    pub active: bool,
    /// Date of creation.
    pub created_on: Option<NaiveDate>,
    /// Date of cessation.
    pub ceased_on: Option<NaiveDate>,
    /// Activity: code, words, and the same in NAF 2025.
    pub naf_code: Option<String>,
    /// Words of `naf_code`.
    pub naf_label: Option<String>,
    /// Code in NAF 2025.
    pub naf_2025: Option<String>,
    /// Words of the legal category.
    pub legal_category: Option<String>,
    /// PME, ETI, GE.
    pub size_category: Option<String>,
    /// SIRET of the establishment that stands for the company here.
    pub local_siret: Option<String>,
    /// Band of that establishment, in words.
    pub band: Option<String>,
    /// Year of the band.
    pub band_year: Option<i16>,
    /// Insee code of its commune.
    pub commune_code: Option<String>,
    /// Name of its commune.
    pub commune: Option<String>,
    /// Name of its territory.
    pub territory: Option<String>,
    /// Territory in which the company is key today.
    pub key_territory: Option<String>,
    /// Its place there, 1 to 5.
    pub key_slot: Option<i16>,
    /// Where the row comes from.
    pub source: String,
    /// Date that the data speaks of.
    pub source_date: NaiveDate,
}

/// How near a name must be to each word: their similarity (`pg_trgm`), from 0 to 1; above 1, the
/// name must hold the word. The server plans each search anew, so only one of the two is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearness(pub f32);

impl Nearness {
    /// The first try: accents and case forgiven, an index finds the names at once.
    pub const PART: Self = Self(2.0);
    /// The second try, when no name holds the words: one letter wrong in a word of eight.
    pub const CLOSE: Self = Self(0.6);
    /// The third, when nothing is close: two letters swapped in a word of six.
    pub const LOOSE: Self = Self(0.4);
}

/// Adds the filters, `$1` to `$7`, between two texts. The aliases are `c` company, `e` its local
/// establishment, `u` its commune, `b` its band.
macro_rules! filtered {
    ($run:ident ($($row:ident)?) [$($before:tt)+] [$($after:tt)+] ($scope:expr, $f:expr) $($arg:expr),*) => {
        sqlx::$run!(
            $($row,)?
            $($before)+ + r#"
            left join establishments e on e.siret = c.local_siret
            left join municipalities u on u.insee_code = e.insee_code
            left join headcount_bands b on b.code = coalesce(e.headcount_band, e.counted_band)
            where ($1::text[] is null or c.siren in (
                    select s.siren from establishments s where s.insee_code = any(array(
                      select insee_code from current_memberships where territory_siren = any($1)))))
              and ($2::bool is null or c.active = $2)
              and ($3::text is null or e.insee_code = any(array(
                    select insee_code from current_memberships where territory_siren = $3)))
              and ($4::text is null or e.insee_code = $4)
              and ($5::text is null or (c.naf_nomenclature, c.naf_code) in (
                    select nomenclature, code from naf_codes where section = $5))
              and ($6::text[] is null or coalesce(e.headcount_band, e.counted_band, '') = any($6))
              and ($7::bool is null or (c.siren = any(array(
                    select siren from key_companies where exited_on is null
                      and ($1 is null or territory_siren = any($1))))) = $7)"# + $($after)+,
            $scope as Option<&[String]>,
            $f.active,
            $f.territory.as_deref(),
            $f.commune.as_deref(),
            $f.section.as_deref(),
            $f.headcount.map(|group| group.bands()) as Option<Vec<String>>,
            $f.key
            $(, $arg)*
        )
    };
}

/// Rows of the list. The page is cut on keys first; only its rows get their labels.
macro_rules! select_rows {
    ([$($with:tt)+] [$($from:tt)+] $order:tt ($scope:expr, $f:expr) $($arg:expr),+) => {
        filtered!(
            query_as (CompanyRow)
            [$($with)+ + r#"
             select c.siren,
                    case when c.diffusible or not c.is_person then c.name end as name,
                    case when c.diffusible or not c.is_person then c.usual_name end as usual_name,
                    case when c.diffusible then c.acronym end as acronym,
                    c.active, c.created_on, c.ceased_on, c.naf_code, n.label as "naf_label?", c.naf_2025,
                    l.label as "legal_category?", c.size_category, c.local_siret,
                    b.label as "band?", case when e.headcount_band is null then e.counted_year else e.headcount_band_year end as "band_year?",
                    e.insee_code as "commune_code?", coalesce(u.name, e.commune_label) as commune,
                    t.short_name as "territory?", kt.short_name as "key_territory?", k.slot as "key_slot?",
                    c.source, c.source_date
             from (select c.siren as key from "# + $($from)+]
            [" order by " + $order + r#" limit $8 offset $9) page
             join companies c on c.siren = page.key
             left join establishments e on e.siret = c.local_siret
             left join municipalities u on u.insee_code = e.insee_code
             left join headcount_bands b on b.code = coalesce(e.headcount_band, e.counted_band)
             left join current_memberships m on m.insee_code = e.insee_code
             left join territories t on t.siren = m.territory_siren
             left join naf_codes n on n.nomenclature = c.naf_nomenclature and n.code = c.naf_code
             left join legal_categories l on l.code = c.legal_category
             left join (select distinct on (siren) siren, territory_siren, slot from key_companies
                        where exited_on is null and ($1 is null or territory_siren = any($1))
                        order by siren, is_group_site, entered_on) k on k.siren = c.siren
             left join territories kt on kt.siren = k.territory_siren
             order by "# + $order]
            ($scope, $f) $($arg),+
        )
    };
}

/// Companies whose names, or whose establishments' names, hold every word: `$10` to `$13`.
macro_rules! with_found {
    ($next:ident ! $order:tt ($scope:expr, $f:expr) $search:expr, $nearness:expr, $limit:expr, $offset:expr) => {
        $next!(
            [r#"with found as materialized (
               select c.siren from companies c
               where $14::real > 1 and c.search_name like any(part_patterns($10))
                   and ($11::text is null or c.search_name like any(part_patterns($11)))
                   and ($12::text is null or c.search_name like any(part_patterns($12)))
                   and ($13::text is null or c.search_name like any(part_patterns($13)))
                  or $14 <= 1 and fold_text($10) <% c.search_name
                   and word_similarity(fold_text($10), c.search_name) >= $14
                   and ($11 is null or word_similarity(fold_text($11), c.search_name) >= $14)
                   and ($12 is null or word_similarity(fold_text($12), c.search_name) >= $14)
                   and ($13 is null or word_similarity(fold_text($13), c.search_name) >= $14)
               union
               select s.siren from establishments s join companies c on c.siren = s.siren
               where s.name is not null and (s.diffusible and c.diffusible or not c.is_person)
                 and ($14 > 1 and fold_text(s.name) like any(part_patterns($10))
                   and ($11 is null or fold_text(s.name) like any(part_patterns($11)))
                   and ($12 is null or fold_text(s.name) like any(part_patterns($12)))
                   and ($13 is null or fold_text(s.name) like any(part_patterns($13)))
                  or $14 <= 1 and fold_text($10) <% fold_text(s.name)
                   and word_similarity(fold_text($10), fold_text(s.name)) >= $14
                   and ($11 is null or word_similarity(fold_text($11), fold_text(s.name)) >= $14)
                   and ($12 is null or word_similarity(fold_text($12), fold_text(s.name)) >= $14)
                   and ($13 is null or word_similarity(fold_text($13), fold_text(s.name)) >= $14)))"#]
            ["found f join companies c on c.siren = f.siren"]
            $order ($scope, $f)
            $limit, $offset, $search.word(0), $search.word(1), $search.word(2), $search.word(3), $nearness.0
        )
    };
}

/// Where to cut the list.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// Rows at most; `None` for all.
    pub limit: Option<i64>,
    /// Rows before the first.
    pub offset: i64,
}

/// The companies that the filters keep, in order, as they come from the server.
pub fn rows<'c>(
    conn: &'c mut PgConnection,
    scope: Option<&[String]>,
    filters: &Filters,
    nearness: Nearness,
    sort: Sort,
    cut: Cut,
) -> BoxStream<'c, sqlx::Result<CompanyRow>> {
    match &filters.search {
        Some(search) => found_rows(conn, scope, (filters, search, nearness), sort, cut),
        None => all_rows(conn, scope, filters, sort, cut),
    }
}

fn all_rows<'c>(
    conn: &'c mut PgConnection,
    scope: Option<&[String]>,
    f: &Filters,
    sort: Sort,
    Cut { limit, offset }: Cut,
) -> BoxStream<'c, sqlx::Result<CompanyRow>> {
    macro_rules! by {
        ($order:tt) => {
            select_rows!([""] ["companies c"] $order (scope, f) limit, offset).fetch(conn)
        };
    }
    match sort {
        Sort::Name | Sort::Relevance => by!(r#"c.search_name collate "C", c.siren"#),
        Sort::Headcount => by!(r#"b.rank desc nulls last, c.search_name collate "C", c.siren"#),
        Sort::Commune => by!(r#"u.search_name collate "C", c.search_name collate "C", c.siren"#),
        Sort::Created => by!("c.created_on desc nulls last, c.siren"),
    }
}

fn found_rows<'c>(
    conn: &'c mut PgConnection,
    scope: Option<&[String]>,
    (f, search, nearness): (&Filters, &Search, Nearness),
    sort: Sort,
    Cut { limit, offset }: Cut,
) -> BoxStream<'c, sqlx::Result<CompanyRow>> {
    macro_rules! by {
        ($order:tt) => {
            with_found!(select_rows! $order (scope, f) search, nearness, limit, offset).fetch(conn)
        };
    }
    match sort {
        Sort::Relevance => by!(r#"greatest(word_similarity(fold_text($10), c.search_name)
                          + coalesce(word_similarity(fold_text($11), c.search_name), 0),
                        word_similarity(fold_text($10), fold_text(e.name))) desc nulls last,
               length(c.search_name), c.search_name collate "C", c.siren"#),
        Sort::Name => by!(r#"c.search_name collate "C", c.siren"#),
        Sort::Headcount => by!(r#"b.rank desc nulls last, c.search_name collate "C", c.siren"#),
        Sort::Commune => by!(r#"u.search_name collate "C", c.search_name collate "C", c.siren"#),
        Sort::Created => by!("c.created_on desc nulls last, c.siren"),
    }
}

macro_rules! select_count {
    ([$($with:tt)+] [$($from:tt)+] $order:tt ($scope:expr, $f:expr) $($arg:expr),+) => {
        filtered!(
            query_scalar ()
            [$($with)+ + r#" select count(*) as "count!" from (select from "# + $($from)+]
            [" limit $8 offset $9) page"]
            ($scope, $f) $($arg),+
        )
    };
}

/// How many companies the filters keep; counting stops at `limit`.
pub async fn count(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    f: &Filters,
    nearness: Nearness,
    limit: Option<i64>,
) -> sqlx::Result<i64> {
    match &f.search {
        Some(search) => {
            with_found!(select_count! "" (scope, f) search, nearness, limit, 0_i64)
                .fetch_one(conn)
                .await
        }
        None => {
            select_count!([""] ["companies c"] "" (scope, f) limit, 0_i64)
                .fetch_one(conn)
                .await
        }
    }
}

/// How many there are, and how near names had to be: a search that finds nothing looks again for
/// what is close, then for what resembles.
pub async fn count_nearest(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    filters: &Filters,
    limit: Option<i64>,
) -> sqlx::Result<(i64, Nearness)> {
    for nearness in [Nearness::PART, Nearness::CLOSE] {
        let found = count(conn, scope, filters, nearness, limit).await?;
        if found > 0 || filters.search.is_none() {
            return Ok((found, nearness));
        }
    }
    Ok((
        count(conn, scope, filters, Nearness::LOOSE, limit).await?,
        Nearness::LOOSE,
    ))
}

/// The companies that a person looks for to choose one: by name or SIREN, the nearest first, at most `most`;
/// none when nothing is asked.
pub async fn nearest(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    text: &str,
    most: i64,
) -> sqlx::Result<Vec<CompanyRow>> {
    let Some(words) = Search::parse(text) else {
        return Ok(Vec::new());
    };
    let filters = Filters {
        search: Some(words),
        ..Default::default()
    };
    let cut = Cut {
        limit: Some(most),
        offset: 0,
    };
    let (_, nearness) = count_nearest(conn, scope, &filters, Some(most)).await?;
    rows(conn, scope, &filters, nearness, Sort::Relevance, cut)
        .try_collect()
        .await
}

/// One choice of a filter.
#[derive(Debug)]
pub struct OptionRow {
    /// `territory`, `commune` or `section`.
    pub kind: String,
    /// Value in the address.
    pub value: String,
    /// Words.
    pub label: String,
}

/// Choices of the filters: territories within the scope, communes of the chosen territory (and the
/// chosen commune), sections of the NAF.
pub async fn options(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    territory: Option<&str>,
    commune: Option<&str>,
) -> sqlx::Result<Vec<OptionRow>> {
    sqlx::query_as!(
        OptionRow,
        r#"select kind as "kind!", value as "value!", label as "label!" from (
             select 'territory' as kind, siren as value, short_name as label, fold_text(short_name) as rank
             from territories where $1::text[] is null or siren = any($1)
             union all
             select 'commune', u.insee_code, u.name, u.search_name from municipalities u
             where u.insee_code = $3 or u.insee_code in (
               select insee_code from current_memberships where territory_siren = $2
                 and ($1 is null or territory_siren = any($1)))
             union all
             select distinct 'section', section, section_label, section from naf_codes
             where nomenclature = 'rev2') o
           order by kind, rank collate "C""#,
        scope,
        territory,
        commune,
    )
    .fetch_all(conn)
    .await
}

/// Whether the company exists within the scope.
pub async fn is_visible(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    siren: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
             select from companies c where c.siren = $2
               and ($1::text[] is null or exists (
                 select from establishments s
                 join current_memberships m on m.insee_code = s.insee_code
                 where s.siren = c.siren and m.territory_siren = any($1)))) as "visible!""#,
        scope,
        siren,
    )
    .fetch_one(conn)
    .await
}
