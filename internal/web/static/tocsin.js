// The pages work without this. It shows local times on hover, and says when
// there is something new.
for (const t of document.querySelectorAll("time")) {
  t.title = new Date(t.dateTime).toLocaleString();
}
const news = document.getElementById("news");
if (news && window.EventSource) {
  let n = 0;
  new EventSource("/api/v1/alerts/stream").addEventListener("alert", (e) => {
    const alert = JSON.parse(e.data);
    n++;
    news.hidden = false;
    news.textContent = `${n} new: ${alert.state}, ${alert.level}: ${alert.headline} `;
    const a = document.createElement("a");
    a.href = "/";
    a.textContent = "Show";
    news.append(a);
  });
}
