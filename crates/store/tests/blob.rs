//! Blobs that come and go in pieces.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::time::{Duration, SystemTime};

use common::{now, workspace};
use store::blob::IN_DATABASE;
use store::{Settings, Store};

async fn open(folder: &std::path::Path) -> Store {
    Store::open(&Settings { data: folder.into(), database_url: None, blobs: None }, now()).await.unwrap()
}

#[tokio::test]
async fn what_came_in_pieces_is_what_would_have_come_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (workspace, _) = workspace(&store, "haru").await;
    for size in [0, 1, IN_DATABASE, IN_DATABASE + 1, 12 * 1024 * 1024] {
        let bytes: Vec<u8> = (0..size).map(|n| (n % 253) as u8).collect();
        let mut upload = store.blobs().upload(workspace);
        for piece in bytes.chunks(100_003) {
            upload.write(piece.to_vec().into()).await.unwrap();
        }
        let staged = upload.finish().await.unwrap();
        assert_eq!((staged.sha256.as_str(), staged.size), (store::blob::digest(&bytes).as_str(), size as i64));
        let mut tx = store.begin(now()).await.unwrap();
        tx.put_blob(workspace, &staged).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert_eq!(store.blobs().get(&mut conn, workspace, &staged.sha256).await.unwrap().unwrap(), bytes, "{size}");
        let blob = store.blobs().open_blob(&mut conn, workspace, &staged.sha256).await.unwrap().unwrap();
        assert_eq!((blob.size, blob.head(10).await.unwrap()), (size as u64, bytes[..size.min(10)].to_vec().into()));
    }
}

#[tokio::test]
async fn a_crash_in_an_upload_leaves_a_file_for_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.blobs().sweep(now()).await.unwrap();
    let incoming = folder.path().join("blobs/incoming");
    std::fs::create_dir_all(&incoming).unwrap();
    for (name, hours) in [("old#1", 25), ("young#1", 23)] {
        let file = std::fs::File::create(incoming.join(name)).unwrap();
        file.set_modified(SystemTime::from(now()) - Duration::from_secs(hours * 3600)).unwrap();
    }
    store.blobs().sweep(now()).await.unwrap();
    let left: Vec<_> = std::fs::read_dir(incoming).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["young#1"]);
}
