package page

// Beginnings of short lines that are not an article's words, in lower case.
var (
	// credits name who made a picture.
	credits = []string{
		"foto:", "fotos:", "foto von", "(foto", "fot.", "photo:", "photos:", "photo by", "photo credit", "(photo", "photograph by",
		"picture:", "image:", "image credit", "images:", "credit:", "crédit", "(crédit", "bild:", "bilder:", "titelbild:", "beitragsbild:",
		"symbolbild", "bildquelle", "quelle:", "abbildung:", "fotografía:", "imagen:", "imágenes", "foto de", "zdjęcie", "фото:", "фото ",
		"©", "(c)", "copyright", "getty images",
	}
	// creditSigns show a picture's credit wherever they stand in a short line.
	creditSigns = []string{"©", "(c)", "foto:", "photo:", "bild:"}
	// pointers lead to other articles, to other media, or to a subscription.
	pointers = []string{
		"read also", "also read", "read more", "read next", "related:", "related stories", "related articles", "see also",
		"more on this", "more from", "sign up for", "subscribe to", "follow us", "click here to", "share this", "most read",
		"lesen sie auch", "lesen sie hier", "auch lesen", "auch interessant", "mehr zum thema", "mehr themen", "weitere artikel",
		"weiterlesen", "mehr dazu", "zum weiterlesen", "weiterführende", "weitere informationen", "empfohlene", "meistgelesene",
		"meist-", "artikel teilen", "newsletter", "jetzt abonnieren", "inhaltsverzeichnis",
		"lire aussi", "à lire aussi", "lire la suite", "voir aussi", "sur le même sujet", "abonnez-vous", "partager",
		"le puede interesar", "lea también", "lee también", "lea además", "te puede interesar", "síguenos", "más leídas",
		"leia também", "leia mais", "veja também", "saiba mais", "leggi anche", "per approfondire", "iscriviti",
		"czytaj też", "czytaj także", "czytaj więcej", "zobacz też", "zobacz także", "dowiedz się więcej", "lees ook", "lees meer", "läs också", "läs mer",
		"читайте также", "читать также", "читайте також", "подписывайтесь", "підписуйтесь", "смотрите также",
	}
	// marks say when, where and by whom something was filed.
	marks = []string{
		"this entry was posted", "posted in", "posted on", "posted by", "published:", "published on", "updated:", "last updated", "filed under", "tags:", "tagged", "categories:", "category:",
		"veröffentlicht", "aktualisiert", "publiziert", "erstellt am", "kategorie:", "kategorien:", "schlagwörter", "schlagworte", "der beitrag wurde", "dieser beitrag wurde", "verfasst von", "stand:",
		"publié le", "mis à jour", "publicado", "actualizado", "atualizado", "pubblicato", "aggiornato", "opublikowano", "publikacja:", "aktualizacja:", "опубликовано", "опубліковано", "обновлено",
		"kommentare", "keine kommentare", "no comments", "comments", "leave a comment",
	}
)
