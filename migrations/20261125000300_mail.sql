-- What leaves by mail, and what became of it: written in the transaction of the act that asks for it,
-- sent by a job. Without a mail server it is kept, and an administrator sends it later.
create table mails (
  id uuid primary key,
  kind text not null,
  to_address text not null,
  to_name text not null,
  -- Whose mail it is, when it is for an account.
  user_id uuid references users on delete set null,
  subject text not null,
  text text not null,
  html text not null,
  -- Who reads the body besides its recipient: the administrator; nobody, since it tells of companies;
  -- nobody, and it is not even kept, since it holds a link that opens an account.
  confidentiality text not null,
  -- What the mail is about: the path of a page.
  related text,
  -- Address that stops these mails without signing in; forgotten once sent. Its hash finds the mail again.
  unsubscribe text,
  unsubscribe_hash bytea,
  status text not null,
  attempts int not null default 0,
  -- A code, never the words of the server: they may hold an address.
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint mails_status_known check (status in ('waiting', 'kept', 'sent', 'refused', 'failed')),
  constraint mails_sent_at_an_instant check (status <> 'sent' or sent_at is not null),
  constraint mails_confidentiality_known check (confidentiality in ('open', 'reserved', 'secret')),
  constraint mails_secret_not_kept check (confidentiality <> 'secret' or (text = '' and html = '')),
  constraint mails_kind_filled check (kind <> '')
);
create index mails_by_time on mails (created_at desc, id desc);
create index mails_by_status on mails (status, created_at desc);
create index mails_by_user on mails (user_id);
create unique index mails_unsubscribe on mails (unsubscribe_hash);

create table mail_attachments (
  mail_id uuid not null references mails on delete cascade,
  position smallint not null,
  file_name text not null,
  content_type text not null,
  content bytea not null,
  primary key (mail_id, position),
  constraint mail_attachments_name_plain check (file_name ~ '^[A-Za-z0-9._-]{1,100}$'),
  constraint mail_attachments_size check (octet_length(content) <= 10485760)
);
