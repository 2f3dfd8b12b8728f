Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  display: "flex", // of a slide: figures take the room that the text leaves
  hash: true,
  navigationMode: "linear", // right and left reach every slide
  controlsTutorial: false,
  slideNumber: "c/t",
  transition: "none",
  pdfSeparateFragments: false,
  plugins: [RevealNotes],
});

const onPaper = new URLSearchParams(location.search).has("print-pdf");
for (const place of document.querySelectorAll(".cnnlab-live")) {
  if (onPaper) delete place.dataset.live; // the picture stays
  place.dataset.preventSwipe = "";
  place.closest(".jp-Cell").tabIndex = -1; // where Escape leads
  place.addEventListener("keydown", (event) => {
    if (!["PageUp", "PageDown"].includes(event.key)) event.stopPropagation();
  });
}

for (const image of document.images) { // larger, but not blurred
  image.decode().then(() => { image.style.maxWidth = `min(100%, ${1.7 * image.naturalWidth}px)`; });
}

let title = "";
for (const [number, slide] of document.querySelectorAll("section section").entries()) {
  const heading = slide.querySelector("h1, h2, h3");
  title = heading?.textContent ?? title;
  if (!heading) { // a slide that goes on says with what
    const still = document.createElement("p");
    still.className = "still";
    still.textContent = title;
    slide.prepend(still);
  }
  for (const answer of slide.querySelectorAll("details")) {
    answer.name = `slide ${number}`; // opening one closes the others
  }
}
for (const question of document.querySelectorAll("summary")) {
  question.addEventListener("keydown", (event) => {
    if (event.key === " ") event.stopPropagation(); // it opens the answer, and turns no page
  });
}
