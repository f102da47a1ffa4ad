-- When a person asked that their first steps be shown no more.
alter table users add column guide_hidden_at timestamptz;
