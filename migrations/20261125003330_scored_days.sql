-- Days on which every company was scored, and by which model: accounts age and flags expire once a day,
-- so once a day is enough. What changes during the day asks for its company by itself.
create table scored_days (
  day date not null,
  model_version text not null,
  assessments int not null,
  scored_at timestamptz not null,
  primary key (day, model_version)
);
