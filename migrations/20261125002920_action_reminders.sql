-- « Où en êtes-vous ? »: a mail about the actions that one carries out, unless it is refused.
alter table notification_choices add column on_action boolean not null default true;
