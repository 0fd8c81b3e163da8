//! `serve`: pages, mail and schedule until the process is told to stop.

use std::{future::IntoFuture, net::SocketAddr, time::Duration};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
};

use crate::{
    App,
    foundation::{
        config::Config,
        error::{Error, Result},
        platform::Platform,
        store::Store,
    },
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

/// How long what is under way may take after the process was told to stop.
const LEAVE: Duration = Duration::from_secs(10);

/// Serves `app` on `listener`, and works beside it, until the process is told to stop. A mail that
/// is being sent is recorded first; what takes longer than ten seconds is left to its lease. A
/// second signal ends the process at once.
pub(super) async fn serve(app: App, listener: TcpListener) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let workers = tokio::spawn(app.workers.run(stopped.clone()));
    let service = app
        .router
        .into_make_service_with_connect_info::<SocketAddr>();
    let mut told = stopped;
    let pages = axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            // The sender lives until the end of this function.
            let _ = told.wait_for(|stop| *stop).await;
        })
        .into_future();
    let mut pages = tokio::spawn(pages);
    tokio::select! {
        ended = &mut pages => return Ok(ended.map_err(Error::internal)??),
        () = told_to_stop() => {}
    }
    tracing::info!("stopping");
    stop.send_replace(true);
    let end = async {
        let (pages, workers) = tokio::join!(pages, workers);
        pages.map_err(Error::internal)??;
        workers.map_err(Error::internal)
    };
    tokio::select! {
        ended = timeout(LEAVE, end) => match ended {
            Ok(ended) => ended,
            Err(_) => {
                tracing::warn!("stopped with work under way");
                Ok(())
            }
        },
        () = told_to_stop() => Ok(()),
    }
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
