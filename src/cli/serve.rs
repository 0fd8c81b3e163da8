//! `serve`: pages, mail and schedule until the process is told to stop.

use std::{future::IntoFuture, net::SocketAddr};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    App,
    foundation::{config::Config, error::Result, platform::Platform, store::Store},
};

/// Runs until SIGTERM or SIGINT; requests under way are finished first.
pub(super) async fn run(config: Config) -> Result<()> {
    let listen = config.server.listen.clone();
    let app = App::build(config, Platform::system()).await?;
    let listener = TcpListener::bind(&listen).await?;
    println!("{}", app.ctx.config.server.public_url);
    tracing::info!(address = %listener.local_addr()?, database = app.ctx.store.kind(), "serving");
    serve(app, listener).await
}

/// Serves `app` on `listener` until the process is told to stop.
pub(super) async fn serve(app: App, listener: TcpListener) -> Result<()> {
    let service = app
        .router
        .into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(told_to_stop())
        .into_future()
        .await?;
    Ok(())
}

/// `migrate`
pub(super) async fn migrate(config: Config) -> Result<()> {
    let store = Store::open(&config.database, Platform::system()).await?;
    store.migrate().await?;
    println!("the {} database is at the newest version", store.kind());
    Ok(())
}

async fn told_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
