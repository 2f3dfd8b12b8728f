
// The still picture is there at once; it comes to life shortly before it is seen.
const soon = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    soon.unobserve(target);
    revive(target, JSON.parse(target.dataset.live));
  }
}, { rootMargin: "600px" });
if ("DecompressionStream" in window) {
  for (const place of document.querySelectorAll("[data-live]")) soon.observe(place);
}
