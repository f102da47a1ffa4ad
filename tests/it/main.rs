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
mod embedded;
mod facts;
mod home;
mod imports;
mod jobs;
mod journal;
mod meetings;
mod model_card;
mod organisations;
mod personal_data;
mod server;
mod signals;
mod site;
mod territories;
mod top_meetings;
