//! The taking back of an import, and what forbids it.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{apply, facts};

/// Something newer that stands on an import.
#[derive(Debug, Clone)]
pub struct Dependent {
    /// Code of what stands on it: `import`, `edit`, `key_company`, `contact`, `headcount`,
    /// `establishment`, `fact` (of impact), `told` (accounts, notices).
    pub kind: String,
    /// Name of one of them.
    pub example: String,
    /// How many there are.
    pub rows: i64,
}

/// What newer things stand on the rows that this import wrote; empty when it can be taken back.
pub async fn dependents(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<Vec<Dependent>> {
    sqlx::query_as!(
        Dependent,
        r#"with changed as (select table_name, row_key, verb, after from import_changes where import_id = $1),
           made as (
             select row_key as siren from changed where table_name = 'companies' and verb = 'insert'),
           placed as (
             select row_key as siret from changed where table_name = 'establishments' and verb = 'insert'),
           found as (
             select 'import' as kind, i.label as example
               from changed h join companies c on c.siren = h.row_key and h.table_name = 'companies'
               join imports i on i.id = c.import_id where c.import_id <> $1
             union all
             select 'import', i.label
               from changed h join establishments e on e.siret = h.row_key and h.table_name = 'establishments'
               join imports i on i.id = e.import_id where e.import_id <> $1
             union all
             select 'import', i.label
               from changed h
               join headcounts n on h.table_name = 'headcounts'
                and h.row_key = n.siret || '/' || n.granularity || '/' || n.period
               join imports i on i.id = n.import_id where n.import_id <> $1
             union all
             select 'import', i.label
               from changed h
               join facts f on h.table_name = 'facts' and h.row_key = f.kind || '/' || f.key
               join imports i on i.id = f.import_id where f.import_id <> $1
             union all
             select 'edit', coalesce(c.name, c.siren)
               from changed h join companies c on c.siren = h.row_key
              where h.table_name = 'companies' and h.verb = 'update' and c.import_id = $1
                and not to_jsonb(c) @> h.after
             union all
             select 'establishment', e.siret
               from establishments e join made using (siren) where e.import_id is distinct from $1
             union all
             select 'headcount', n.siret
               from headcounts n join placed using (siret) where n.import_id is distinct from $1
             union all
             select 'told', case when is_social_fact(f.kind) then 'donnée réservée' else f.key end
               from facts f join made using (siren) where f.import_id is distinct from $1
             union all
             select 'signal', coalesce(c.name, s.siren)
               from signals s join companies c using (siren) where s.siren in (select siren from made)
             union all
             select 'alert', coalesce(c.name, a.siren)
               from alerts a join companies c using (siren) where a.siren in (select siren from made)
             union all
             select 'group', coalesce(c.name, m.siren)
               from group_members m join companies c using (siren) where m.siren in (select siren from made)
             union all
             select 'supply', coalesce(c.name, c.siren)
               from supply_links l join companies c on c.siren in (l.supplier_siren, l.customer_siren)
              where c.siren in (select siren from made)
             union all
             select 'contact', t.full_name from contacts t join made using (siren)
             union all
             select 'key_company', coalesce(c.name, k.siren)
               from key_companies k join companies c using (siren)
              where k.siren in (select siren from made) or k.siret in (select siret from placed)
             union all
             select 'fact', f.siret from impact_facts f join placed using (siret))
           select kind as "kind!", min(example) as "example!", count(*) as "rows!"
             from found group by kind, case when kind = 'import' then example end order by 1, 2"#,
        import_id
    )
    .fetch_all(conn)
    .await
}

/// Gives every touched row back what it was, and removes the rows that the import made.
pub async fn restore(
    conn: &mut PgConnection,
    import_id: Uuid,
    department: &str,
) -> sqlx::Result<()> {
    facts::restore(conn, import_id).await?;
    sqlx::query!(
        "delete from headcounts n using import_changes h
          where h.import_id = $1 and h.table_name = 'headcounts' and h.verb = 'insert'
            and h.row_key = n.siret || '/' || n.granularity || '/' || n.period",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from establishments e using import_changes h
          where h.import_id = $1 and h.table_name = 'establishments' and h.verb = 'insert'
            and h.row_key = e.siret",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from companies c using import_changes h
          where h.import_id = $1 and h.table_name = 'companies' and h.verb = 'insert' and h.row_key = c.siren",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    restore_companies(conn, import_id).await?;
    restore_establishments(conn, import_id).await?;
    sqlx::query!(
        "update headcounts n
            set headcount = r.headcount, import_id = r.import_id, source = r.source, source_date = r.source_date
           from import_changes h, headcounts o, jsonb_populate_record(o, h.before) r
          where h.import_id = $1 and h.table_name = 'headcounts' and h.verb = 'update'
            and h.row_key = o.siret || '/' || o.granularity || '/' || o.period
            and n.siret = o.siret and n.granularity = o.granularity and n.period = o.period",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    apply::place_companies(conn, import_id, department).await
}

async fn restore_companies(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update companies c
            set diffusible = r.diffusible, is_person = r.is_person, name = r.name, usual_name = r.usual_name,
                acronym = r.acronym, legal_category = r.legal_category, active = r.active,
                created_on = r.created_on, ceased_on = r.ceased_on, naf_code = r.naf_code,
                naf_nomenclature = r.naf_nomenclature, naf_2025 = r.naf_2025,
                headcount_band = r.headcount_band, headcount_band_year = r.headcount_band_year,
                size_category = r.size_category, head_office_siret = r.head_office_siret,
                is_social_economy = r.is_social_economy, is_mission_company = r.is_mission_company,
                is_employer = r.is_employer, import_id = r.import_id, source = r.source,
                source_date = r.source_date
           from import_changes h, companies o, jsonb_populate_record(o, h.before) r
          where h.import_id = $1 and h.table_name = 'companies' and h.verb = 'update'
            and h.row_key = o.siren and c.siren = o.siren",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn restore_establishments(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update establishments e
            set diffusible = r.diffusible, is_head_office = r.is_head_office, active = r.active, name = r.name,
                address = r.address, postcode = r.postcode, commune_code = r.commune_code,
                commune_label = r.commune_label, insee_code = r.insee_code, created_on = r.created_on,
                closed_on = r.closed_on, naf_code = r.naf_code, naf_nomenclature = r.naf_nomenclature,
                naf_2025 = r.naf_2025, headcount_band = r.headcount_band,
                headcount_band_year = r.headcount_band_year, lambert_x = r.lambert_x, lambert_y = r.lambert_y,
                import_id = r.import_id, source = r.source, source_date = r.source_date
           from import_changes h, establishments o, jsonb_populate_record(o, h.before) r
          where h.import_id = $1 and h.table_name = 'establishments' and h.verb = 'update'
            and h.row_key = o.siret and e.siret = o.siret",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}
