//! Loads an installed model as a rung, with whoever is to compute.

use std::fs;
use std::path::Path;

use backsight_gateway::model::{Engine, Shelf};
use backsight_reading::sentiment::finbert::{Finbert, ModelFiles, Precision};
use backsight_reading::sentiment::manifest::Manifest;

use crate::answer::{Exit, Failure};
use crate::home::show;

/// Loads an installed model and lets it read sentences that nobody can misread.
pub(crate) fn load(shelf: &Shelf, manifest: &Manifest, engine: Engine) -> Result<Finbert, Failure> {
    let Manifest { name, version, .. } = manifest;
    let folder = shelf.path(name);
    let unreadable =
        |fault| Failure::from(fault).context(format!("cannot read `{}`", show(&folder)));
    let config = fs::read_to_string(folder.join("config.json")).map_err(unreadable)?;
    let vocabulary = fs::read_to_string(folder.join("vocab.txt")).map_err(unreadable)?;
    let doubted =
        |fault| Failure::new(Exit::Different, format!("`{name}` is not believed: {fault}"));
    manifest.verify_labels(&config).map_err(|fault| doubted(fault.to_string()))?;
    let mut files = ModelFiles { config: &config, vocabulary: &vocabulary, weights: &[] };
    let precision = match engine {
        Engine::Float => Precision::Float,
        Engine::Int8 => Precision::Byte,
        Engine::Onnxruntime => return over(&folder, manifest, files),
    };
    let weights = fs::read(folder.join("model.safetensors")).map_err(unreadable)?;
    files.weights = &weights;
    Finbert::load(files, precision, name, version).map_err(doubted)
}

#[cfg(feature = "onnxruntime")]
fn over(folder: &Path, manifest: &Manifest, files: ModelFiles<'_>) -> Result<Finbert, Failure> {
    use backsight_gateway::model::NETWORK;
    use backsight_gateway::onnx::OnnxNetwork;

    let Manifest { name, version, files: pinned, .. } = manifest;
    if !pinned.contains_key(NETWORK) {
        let message = format!("`{name}` pins no `{NETWORK}`, which is what onnxruntime reads");
        return Err(Failure::new(Exit::Configuration, message));
    }
    let Some(library) = crate::environment::variable("BACKSIGHT_ONNXRUNTIME") else {
        let message = "no library of onnxruntime is named; set BACKSIGHT_ONNXRUNTIME to the path of \
                       its shared library";
        return Err(Failure::new(Exit::Configuration, message));
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let network = OnnxNetwork::load(Path::new(&library), &folder.join(NETWORK), threads);
    let network = network.map_err(|fault| Failure::new(Exit::Unavailable, fault.to_string()))?;
    let version = Engine::Onnxruntime.version(version);
    Finbert::over(Box::new(network), files, name, &version).map_err(|fault| {
        Failure::new(Exit::Different, format!("`{name}` is not believed: {fault}"))
    })
}

#[cfg(not(feature = "onnxruntime"))]
fn over(_: &Path, _: &Manifest, _: ModelFiles<'_>) -> Result<Finbert, Failure> {
    let message = "this build does not know onnxruntime; build it with `--features onnxruntime`, or \
                   choose `--engine float` or `int8`";
    Err(Failure::new(Exit::Usage, message))
}
