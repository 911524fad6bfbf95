// Runs before the page is drawn: remembered colours, and the names that mdBook's search looks for.
"use strict";

(() => {
  const html = document.documentElement;
  html.classList.add("script");
  try {
    const colours = localStorage.getItem("ciworkshop-colours");
    if (colours === "light" || colours === "dark") html.dataset.colours = colours;
  } catch {
    // No storage here: the system's colours hold.
  }
  window.path_to_root = html.dataset.root;
  // The search asks this before it takes a key press for itself.
  window.mdbook_something_else_has_focus = () => {
    const element = document.activeElement;
    return Boolean(element && element.matches("input, textarea, select, [contenteditable]"));
  };
})();
