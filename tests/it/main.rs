//! Integration tests: one program, so that it links once.

mod key_companies;
mod support;

mod access;
mod accounts;
mod alerts;
mod architecture;
mod backtest;
mod companies;
mod confidentiality;
mod contacts;
mod db;
mod demo;
mod embedded;
mod facts;
mod groups;
mod home;
mod imports;
mod jobs;
mod journal;
mod mail;
mod mail_pages;
mod meeting_invitations;
mod meetings;
mod model_card;
mod notifications;
mod organisations;
mod pdf;
mod personal_data;
mod server;
mod signals;
mod site;
mod social;
mod territories;
mod top_meetings;
mod workshops;
