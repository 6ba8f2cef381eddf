// Loaded from another origin (localhost instead of 127.0.0.1) without CORS: the browser hides what it throws.
throw new Error('the partner widget is out of date')
