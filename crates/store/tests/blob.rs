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

#[tokio::test]
async fn the_log_is_folded_into_the_file_when_it_is_time_or_long() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let (workspace, _) = workspace(&store, "haru").await;
    let size = || std::fs::metadata(folder.path().join("sonnim.db")).unwrap().len();
    store.checkpoint(true).await.unwrap();
    let before = size();
    let put = async |blobs: std::ops::Range<u32>| {
        for n in blobs {
            let bytes: Vec<u8> = n.to_le_bytes().into_iter().cycle().take(IN_DATABASE).collect();
            let staged = store.blobs().stage(workspace, bytes.into()).await.unwrap();
            let mut tx = store.begin(now()).await.unwrap();
            tx.put_blob(workspace, &staged).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    put(0..4).await;
    store.checkpoint(false).await.unwrap();
    assert_eq!(size(), before, "for little it is not worth it");
    store.checkpoint(true).await.unwrap();
    assert!(size() > before + 3 * IN_DATABASE as u64);
    let blobs = u32::try_from(70 * 1024 * 1024 / IN_DATABASE).unwrap();
    put(4..4 + blobs).await;
    store.checkpoint(false).await.unwrap();
    assert!(size() > 64 * 1024 * 1024, "a long one does not wait");
}
