// Runs before the first paint, so that a page that was set to dark never flashes white.
try {
  const chosen = localStorage.getItem("backsight.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is blocked: the system's preference decides.
}
