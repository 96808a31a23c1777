//! onnxruntime as the engine of a BERT classifier: optional, and in a shared library of the user's.
//!
//! Pieces, labels and canaries stay those of [`Finbert`]; only the network is another's, from the
//! file `model.onnx` of the same weights. Texts of one length go through it together, so that none
//! needs padding. The library is loaded once in the life of the process.
//!
//! [`Finbert`]: backsight_reading::sentiment::finbert::Finbert

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use backsight_reading::sentiment::finbert::Network;
use ort::environment::Environment;
use ort::session::{Session, SessionInputValue};
use ort::value::Tensor;

/// What stands in an input for a piece.
type Fill = fn(i64) -> i64;

/// Inputs that networks of this kind have, and what stands in each.
const INPUTS: [(&str, Fill); 3] =
    [("input_ids", |piece| piece), ("attention_mask", |_| 1), ("token_type_ids", |_| 0)];

/// Why onnxruntime cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OnnxFault {
    /// The library is not there, or is none that we can talk to.
    #[error("cannot load onnxruntime from `{}`: {cause}", path.display())]
    Library {
        /// Where it should be.
        path: PathBuf,
        /// What the loader said.
        cause: Box<str>,
    },
    /// The network is none, or none of ours.
    #[error("onnxruntime cannot use `{}`: {cause}", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// What it said.
        cause: Box<str>,
    },
}

/// A network that onnxruntime runs.
#[derive(Debug)]
pub struct OnnxNetwork {
    session: Mutex<Session>,
    inputs: Vec<(String, Fill)>,
}

impl OnnxNetwork {
    /// Loads the library, unless it is loaded, and a network of three labels.
    ///
    /// # Errors
    /// Says which file cannot be used, and why.
    pub fn load(library: &Path, file: &Path, threads: usize) -> Result<Self, OnnxFault> {
        let environment = environment(library)?;
        let fault =
            |cause: String| OnnxFault::Network { path: file.to_owned(), cause: cause.into() };
        let session = session(environment, file, threads).map_err(fault)?;
        let mut inputs = Vec::new();
        for outlet in session.inputs() {
            let known = INPUTS.iter().find(|(name, _)| *name == outlet.name());
            let (name, fill) = known.ok_or_else(|| {
                fault(format!("it asks for an input `{}`, which nobody knows", outlet.name()))
            })?;
            inputs.push(((*name).to_owned(), *fill));
        }
        let network = Self { session: Mutex::new(session), inputs };
        // A text of one piece shows whether three logits come out.
        match network.run(&[&vec![0]]) {
            Ok(logits) if logits.iter().all(|it| it.len() == 3) => Ok(network),
            Ok(_) => Err(fault("it does not give three logits for a text".to_owned())),
            Err(cause) => Err(fault(cause)),
        }
    }

    /// Lets texts of one length through.
    fn run(&self, texts: &[&Vec<u32>]) -> Result<Vec<Vec<f32>>, String> {
        let shape = [texts.len(), texts[0].len()];
        let mut inputs = Vec::new();
        for (name, fill) in &self.inputs {
            let values = texts.iter().flat_map(|text| text.iter().map(|it| fill((*it).into())));
            let values: Vec<i64> = values.collect();
            let tensor = Tensor::from_array((shape, values)).map_err(|it| it.to_string())?;
            inputs.push((name.as_str(), SessionInputValue::from(tensor)));
        }
        let mut session = self.session.lock().map_err(|it| it.to_string())?;
        let outputs = session.run(inputs).map_err(|it| it.to_string())?;
        let (_, logits) = outputs[0].try_extract_tensor::<f32>().map_err(|it| it.to_string())?;
        let width = (logits.len() / texts.len()).max(1);
        Ok(logits.chunks(width).map(<[f32]>::to_vec).collect())
    }
}

impl Network for OnnxNetwork {
    /// # Panics
    /// When the library fails on what it could do while the network was loaded.
    fn logits(&self, texts: &[Vec<u32>]) -> Vec<Vec<f32>> {
        let mut of_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, text) in texts.iter().enumerate() {
            of_length.entry(text.len()).or_default().push(index);
        }
        let mut all = vec![Vec::new(); texts.len()];
        for places in of_length.values() {
            let together: Vec<&Vec<u32>> = places.iter().map(|index| &texts[*index]).collect();
            let logits = self.run(&together).expect("a network that was loaded can be run");
            for (place, logits) in places.iter().zip(logits) {
                all[*place] = logits;
            }
        }
        all
    }
}

/// The library's one environment; the first library that could be loaded stays.
fn environment(library: &Path) -> Result<&'static Environment, OnnxFault> {
    static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();
    static LOADING: Mutex<()> = Mutex::new(());
    let fault =
        |cause: String| OnnxFault::Library { path: library.to_owned(), cause: cause.into() };
    let _loading = LOADING.lock().map_err(|it| fault(it.to_string()))?;
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    if !library.is_file() {
        return Err(fault("there is no such file".to_owned()));
    }
    let builder = ort::init_from(library).map_err(|it| fault(it.to_string()))?;
    let environment = builder.build().map_err(|it| fault(it.to_string()))?;
    Ok(ENVIRONMENT.get_or_init(|| environment))
}

fn session(environment: &Environment, file: &Path, threads: usize) -> Result<Session, String> {
    let builder = Session::builder(environment).map_err(|it| it.to_string())?;
    let builder = builder.with_intra_threads(threads).map_err(|it| it.to_string())?;
    // Threads that spin while they wait take the processor from whoever else has work.
    let mut builder = builder.with_intra_op_spinning(false).map_err(|it| it.to_string())?;
    builder.commit_from_file(file).map_err(|it| it.to_string())
}
