//! What the target does with files, and what it refuses.

use std::fs;

use super::*;

const ADDRESS: &str = ".github/workflows/ci.yml";
const FOLDERS: [&str; 2] = [".github", ".github/workflows"];

fn target() -> (tempfile::TempDir, Local) {
    let folder = tempfile::tempdir().unwrap();
    let local = Local::at(folder.path().to_owned()).unwrap();
    (folder, local)
}

fn made() -> Vec<String> {
    FOLDERS.map(str::to_owned).to_vec()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

async fn digest(local: &Local) -> String {
    local.read(ADDRESS).await.unwrap().unwrap().sha256()
}

async fn create(local: &Local, text: &str) -> Result<Written, Problem> {
    local.write(ADDRESS, Expected::Nothing, text).await
}

#[tokio::test]
async fn a_document_is_written_read_changed_and_removed_with_the_folders_that_came_with_it() {
    let (folder, local) = target();
    assert_eq!(local.read(ADDRESS).await, Ok(None));
    assert_eq!(create(&local, "a: 1\n").await.unwrap().folders, FOLDERS);
    assert_eq!(local.read(ADDRESS).await.unwrap().unwrap().text, "a: 1\n");
    let seen = digest(&local).await;
    let written = local.write(ADDRESS, Expected::Digest(&seen), "a: 2\n").await.unwrap();
    assert_eq!(written.folders, [""; 0]);
    assert_eq!(names(&folder.path().join(FOLDERS[1])), ["ci.yml"], "no draft is left");
    local.remove(ADDRESS, &digest(&local).await, &made()).await.unwrap();
    assert_eq!(names(folder.path()), [""; 0]);
    local.remove(ADDRESS, "whatever", &made()).await.unwrap();
}

#[tokio::test]
async fn folders_that_we_did_not_make_or_that_are_not_empty_stay() {
    let (folder, local) = target();
    fs::create_dir(folder.path().join(".github")).unwrap();
    let written = create(&local, "a: 1\n").await.unwrap();
    assert_eq!(written.folders, [".github/workflows"]);
    local.remove(ADDRESS, &digest(&local).await, &written.folders).await.unwrap();
    assert_eq!(names(folder.path()), [".github"]);
    assert_eq!(names(&folder.path().join(".github")), [""; 0]);

    let written = create(&local, "a: 1\n").await.unwrap();
    fs::write(folder.path().join(".github/mine"), "").unwrap();
    local.remove(ADDRESS, &digest(&local).await, &written.folders).await.unwrap();
    assert_eq!(names(&folder.path().join(".github")), ["mine"]);
}

#[tokio::test]
async fn what_we_did_not_write_is_not_overwritten() {
    let (folder, local) = target();
    let file = folder.path().join(ADDRESS);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "mine: true\n").unwrap();
    let problem = create(&local, "a: 1\n").await.unwrap_err();
    assert!(
        problem.to_string().contains("import it with the id \"local:.github/workflows/ci.yml\"")
    );
    let problem = local.write(ADDRESS, Expected::Digest("other"), "a: 1\n").await.unwrap_err();
    assert!(problem.message.contains("was changed since it was planned"));
    assert!(local.remove(ADDRESS, "other", &made()).await.is_err());
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine: true\n");
    // The same to the letter is what a run that was killed has left.
    assert_eq!(create(&local, "mine: true\n").await, Ok(Written::default()));
    assert!(
        create(&local, "mine:  true\n").await.is_err(),
        "the same meaning is not the same text"
    );
}

#[tokio::test]
async fn an_address_that_leaves_the_root_is_refused() {
    let (_folder, local) = target();
    for address in ["../x", "a/../../x", "/etc/passwd", "", "./x", "a//x", "a\\..\\..\\x"] {
        let problem = local.write(address, Expected::Nothing, "").await.unwrap_err();
        assert!(problem.message.contains("leads out of the root"), "{address}: {problem}");
        assert!(local.read(address).await.is_err(), "{address}");
        assert!(local.remove(address, "", &[]).await.is_err(), "{address}");
    }
    let long = "x".repeat(256);
    let problem = local.judge(&long).unwrap_err();
    assert!(problem.message.ends_with("with a name of over 255 bytes"), "{problem}");
    assert_eq!(local.judge(&long[1..]), Ok(()));
    assert!(local.judge("a/.stanchion-1.draft").is_err());
}

#[tokio::test]
async fn a_lock_that_is_held_for_ever_is_told_and_one_that_is_let_go_of_waited_for() {
    let (folder, mut local) = target();
    local.patience = Duration::from_millis(50);
    let other = fs::File::open(folder.path()).unwrap();
    other.lock().unwrap();
    let problem = create(&local, "a: 1\n").await.unwrap_err();
    let root = local.root.display().to_string();
    assert_eq!(problem.message, format!("can't be written, as another program locks {root}"));
    assert_eq!(names(folder.path()), [""; 0]);

    local.patience = lock::PATIENCE;
    let waiting = local.clone();
    let waiting = tokio::spawn(async move { create(&waiting, "a: 1\n").await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    other.unlock().unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_with_many_changes_lets_another_in() {
    let (folder, local) = target();
    // As another process: it knows nothing of the turns of the first.
    let other = Local::at(folder.path().to_owned()).unwrap();
    let done = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let busy: Vec<_> = (0..10)
        .map(|i| {
            let (local, done) = (local.clone(), done.clone());
            tokio::spawn(async move {
                for it in 0.. {
                    let address = format!("{i}/{it}.yml");
                    local.write(&address, Expected::Nothing, "a: 1\n").await.unwrap();
                    done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            })
        })
        .collect();
    let now = || done.load(std::sync::atomic::Ordering::Relaxed);
    let begun = async {
        while now() < 20 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), begun).await.unwrap();
    for _ in 0..5 {
        let before = now();
        other.write("other.yml", Expected::Nothing, "a: 1\n").await.unwrap();
        let meanwhile = now() - before;
        assert!(meanwhile <= 6 * lock::IN_A_ROW, "{meanwhile} changes went before");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    busy.into_iter().for_each(|it| it.abort());
}

#[tokio::test]
async fn drafts_of_the_dead_go_and_those_of_the_living_and_of_users_stay() {
    let (folder, local) = target();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path(".stanchion-1.draft/workflows")).unwrap();
    fs::write(path(".stanchion-2.draft"), "half").unwrap();
    fs::write(path(".stanchion-mine.draft"), "a user's").unwrap();
    fs::write(path(".stanchion-3.draft"), "at work under another root").unwrap();
    let living = fs::File::open(path(".stanchion-3.draft")).unwrap();
    living.lock().unwrap();
    create(&local, "a: 1\n").await.unwrap();
    let mut left = names(folder.path());
    left.sort();
    assert_eq!(left, [".github", ".stanchion-3.draft", ".stanchion-mine.draft"]);
}

#[tokio::test]
async fn a_draft_of_the_same_name_that_another_writes_is_left_alone() {
    let (folder, local) = target();
    // As the process of that number in another container does, under another root.
    let draft = folder.path().join(format!(".stanchion-{}.draft", std::process::id()));
    fs::write(&draft, "at work").unwrap();
    let living = fs::File::open(&draft).unwrap();
    living.lock().unwrap();
    for address in ["ci.yml", ADDRESS] {
        let problem = local.write(address, Expected::Nothing, "a: 1\n").await.unwrap_err();
        assert_eq!(problem.cure.as_deref(), Some("wait for the other apply to end"), "{problem}");
    }
    assert_eq!(fs::read_to_string(&draft).unwrap(), "at work");
}

#[tokio::test]
async fn the_place_of_a_root_is_the_same_in_every_clone() {
    for clone in ["alice", "bob"] {
        let folder = tempfile::tempdir().unwrap();
        let repository = folder.path().canonicalize().unwrap().join(clone);
        fs::create_dir_all(repository.join("infra/live")).unwrap();
        let here = repository.join("infra/live");
        let seen = |root| Local::seen_from(here.clone(), root).unwrap().place;
        assert_eq!(seen(repository.clone()), "../..");
        assert_eq!(seen(repository.join("infra")), "..");
        assert_eq!(seen(here.clone()), ".");
        assert_eq!(seen(PathBuf::from("..")), "..");
    }
}
