//! Reads and writes of the indicators.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Comment, DossierLine, IntroductionLine, Line, Settings};

/// What is counted of an evening.
#[derive(Debug)]
pub struct Counted {
    /// The figures: all together, then by territory, by name.
    pub lines: Json<Vec<Line>>,
    /// The actions by dossier; one without any has no line.
    pub actions: Json<Vec<DossierLine>>,
    /// The introductions of the year before, by dossier.
    pub introductions: Json<Vec<IntroductionLine>>,
}

/// Counts an evening, in one statement. `only` narrows to these territories.
pub async fn counted(
    conn: &mut PgConnection,
    evening: NaiveDate,
    kept_share: i16,
    only: Option<&[String]>,
) -> sqlx::Result<Counted> {
    sqlx::query_as!(
        Counted,
        r#"select (select jsonb_agg(to_jsonb(f) || jsonb_build_object(
                                      'name', t.short_name, 'tile_column', t.tile_column, 'tile_row', t.tile_row)
                                    order by f.territory_siren is not null, fold_text(t.short_name), f.territory_siren)
                   from indicator_figures($1, $2, $3) f
                   left join territories t on t.siren = f.territory_siren) as "lines!: Json<Vec<Line>>",
                  (select coalesce(jsonb_agg(to_jsonb(a) order by a.dossier), '[]')
                   from indicator_actions($1, $3) a) as "actions!: Json<Vec<DossierLine>>",
                  (select coalesce(jsonb_agg(to_jsonb(i) order by i.dossier), '[]')
                   from indicator_introductions($1, $3) i) as "introductions!: Json<Vec<IntroductionLine>>""#,
        evening,
        i32::from(kept_share),
        only as Option<&[String]>,
    )
    .fetch_one(conn)
    .await
}

/// Settings, their version, and the last commentary.
#[derive(Debug)]
pub struct Context {
    /// What the service aims at.
    pub settings: Settings,
    /// Moves at each change.
    pub version: i32,
    /// The last commentary.
    pub comment: Option<Comment>,
    /// When the first company entered a place.
    pub first_entry: Option<NaiveDate>,
    /// Changes whenever a figure may have moved.
    pub state: String,
}

/// What stands around the figures of an evening: the commentary is the last one signed by then.
pub async fn context(conn: &mut PgConnection, evening: NaiveDate) -> sqlx::Result<Context> {
    let row = sqlx::query!(
        r#"select s.kept_share, s.followed_target, s.maintained_target, s.version,
                  c.text as "text?", u.full_name as "author?", c.at as "at?",
                  (select min(entered_on) from key_companies) as first_entry,
                  (select count(*) || '/' || coalesce(sum(id), 0) from indicator_changes) as "state!"
           from indicator_settings s
           left join lateral (
             select text, author_id, at from indicator_comments
             where (at at time zone 'Europe/Paris')::date <= $1
             order by at desc, id desc limit 1) c on c.text <> ''
           left join users u on u.id = c.author_id"#,
        evening
    )
    .fetch_one(conn)
    .await?;
    let comment = row.text.zip(row.author).zip(row.at);
    Ok(Context {
        settings: Settings {
            kept_share: row.kept_share,
            followed_target: row.followed_target,
            maintained_target: row.maintained_target,
        },
        version: row.version,
        comment: comment.map(|((text, author), at)| Comment { text, author, at }),
        first_entry: row.first_entry,
        state: row.state,
    })
}

/// Says something of the figures; an empty text takes back what was said.
pub async fn comment(
    conn: &mut PgConnection,
    text: &str,
    author: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into indicator_comments (text, author_id, at) values ($1, $2, $3)",
        text,
        author,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes the settings; `false` when somebody changed them first.
pub async fn set(conn: &mut PgConnection, version: i32, settings: Settings) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update indicator_settings set kept_share = $2, followed_target = $3, maintained_target = $4
         where version = $1",
        version,
        settings.kept_share,
        settings.followed_target,
        settings.maintained_target
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets all that may have moved a figure but the last: what was computed is computed once more.
pub async fn forget_changes(conn: &mut PgConnection) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from indicator_changes where id < (select max(id) from indicator_changes)"
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// A company behind a figure.
#[derive(Debug)]
pub struct Outcome {
    /// SIREN.
    pub siren: String,
    /// Name; null when masked.
    pub name: Option<String>,
    /// Territory.
    pub territory: String,
    /// Its short name.
    pub territory_name: String,
    /// First entry there.
    pub entered_on: NaiveDate,
    /// Whether it holds a place.
    pub is_held: bool,
    /// Code of the last evidence that it is followed.
    pub followed_by: Option<String>,
    /// When.
    pub followed_on: Option<NaiveDate>,
    /// Code of the verdict.
    pub verdict: Option<String>,
    /// Code of its reason.
    pub reason: Option<String>,
    /// Jobs at entry.
    pub jobs_then: Option<i32>,
    /// Period counted.
    pub jobs_then_on: Option<NaiveDate>,
    /// Jobs that evening.
    pub jobs_now: Option<i32>,
    /// Period counted.
    pub jobs_now_on: Option<NaiveDate>,
    /// Source of the latter.
    pub jobs_source: Option<String>,
    /// Whether its closure would leave a pollution; none when nobody said.
    pub is_polluting: Option<bool>,
    /// Whether nobody else gives its service nearby; none when nobody said.
    pub is_provider: Option<bool>,
}

/// The companies behind the figures of an evening: by territory, then by name.
pub async fn outcomes(
    conn: &mut PgConnection,
    evening: NaiveDate,
    kept_share: i16,
    only: Option<&[String]>,
) -> sqlx::Result<Vec<Outcome>> {
    sqlx::query_as!(
        Outcome,
        r#"select o.siren as "siren!", case when c.diffusible or not c.is_person then c.name end as name,
                  o.territory_siren as "territory!", t.short_name as territory_name,
                  o.entered_on as "entered_on!", o.key_company_id is not null as "is_held!",
                  o.followed_by, o.followed_on, o.verdict, o.reason, o.jobs_then, o.jobs_then_on,
                  o.jobs_now, o.jobs_now_on, o.jobs_source, o.is_polluting, o.is_provider
           from key_company_outcomes($1, $2) o
           join companies c on c.siren = o.siren
           join territories t on t.siren = o.territory_siren
           where ($3::text[] is null or o.territory_siren = any($3))
             and exists (select from territory_memberships m
                         where m.territory_siren = o.territory_siren and m.period @> $1::date)
           order by fold_text(t.short_name), fold_text(coalesce(c.name, '')), o.siren"#,
        evening,
        i32::from(kept_share),
        only as Option<&[String]>,
    )
    .fetch_all(conn)
    .await
}
